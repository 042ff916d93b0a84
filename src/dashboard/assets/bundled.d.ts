/** A script or a style sheet with all that it imports, made small: the vite plugin of scripts/bundled.mjs makes it. */
declare module '*?bundled' {
  const text: string
  export default text
}
