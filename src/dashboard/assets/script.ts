/** What makes pages live. Written when the browser's side is built; pages need none of it to work. */
export const script: string = ''
