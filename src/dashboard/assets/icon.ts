/** A bollard with its rope, for the tab of the browser. */
export const icon: string = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0b7285" d="M8 6a4 4 0 0 1 4-4h8a4 4 0 0 1 0 8v14h4v4H8v-4h4V10a4 4 0 0 1-4-4Z"/><path fill="none" stroke="#f08c00" stroke-width="3" d="M10 15h12M10 19h12"/></svg>
`
