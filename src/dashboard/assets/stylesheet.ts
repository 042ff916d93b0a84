/** What makes pages good to look at. Written small until the browser's side is built; pages need none of it to work. */
export const stylesheet: string = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
[data-theme=light]{color-scheme:light}[data-theme=dark]{color-scheme:dark}
body{margin:0 auto;max-width:80rem;padding:1rem}
nav ul{display:flex;flex-wrap:wrap;gap:1rem;list-style:none;padding:0}
table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.25rem .5rem;border-bottom:1px solid #8884}
`
