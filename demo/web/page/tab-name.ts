const NAMES = ['amber', 'coral', 'fern', 'indigo', 'jade', 'lilac', 'maple', 'olive', 'pearl', 'rose', 'slate', 'teal']

/** What people call this tab. It keeps its name when it is loaded again. */
export const tabName: string = sessionStorage.getItem('tab') ?? chooseName()

function chooseName(): string {
  const name = NAMES[Math.floor(Math.random() * NAMES.length)] as string
  sessionStorage.setItem('tab', name)
  return name
}
