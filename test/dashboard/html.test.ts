import { expect, test } from 'vitest'
import { flags, html } from '../../src/dashboard/html.ts'

test('values are escaped, in content and in attributes', () => {
  const bad = `<script>alert("1")</script>&'`
  expect(String(html`<p title="${bad}">${bad}</p>`)).toBe(
    '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">' +
      '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</p>',
  )
})

test('markup stays markup, lists are joined, and what is not there is not shown', () => {
  const items = [1, 2].map((each) => html`<li>${each}</li>`)
  expect(String(html`<ul>${items}${undefined}${null}${false}</ul>`)).toBe('<ul><li>1</li><li>2</li></ul>')
})

test('what only looks like markup is text', () => {
  const forged = { toString: () => '<b>', 'safe markup': 'content' }
  expect(String(html`${forged as never}`)).toBe('&lt;b&gt;')
})

test('flags are attributes without a value', () => {
  expect(String(html`<input ${flags({ checked: true, disabled: false })}>`)).toBe('<input checked>')
})

test.each([
  ['javascript:alert(1)'],
  ['//elsewhere.example'],
  ['/\\elsewhere.example'],
  ['https://elsewhere.example'],
  [' /x'],
])('the address %s is refused', (address) => {
  expect(() => html`<a href="${address}">x</a>`).toThrow('An address must be a path')
  expect(() => html`<button formaction="${address}">x</button>`).toThrow('An address must be a path')
})

test.each([['/queues?x=1'], ['?offset=25'], ['#main']])('the address %s is fine', (address) => {
  expect(String(html`<a href="${address}">x</a>`)).toBe(`<a href="${address}">x</a>`)
})

test('holes where no escaping helps are refused', () => {
  const value = 'x'
  expect(() => html`<a title=${value}>x</a>`).toThrow('needs quotes')
  expect(() => html`<a title='${value}'>x</a>`).toThrow('stray quote')
  expect(() => html`<${value}>x</a>`).toThrow('cannot have a hole')
  expect(() => html`<a ${value}="1">x</a>`).toThrow('flags() only')
  expect(() => html`<a onclick="${value}">x</a>`).toThrow('takes no holes')
  expect(() => html`<a style="${value}">x</a>`).toThrow('takes no holes')
  expect(() => html`<script>${value}</script>`).toThrow('has no holes')
  expect(() => html`<style>${value}</style>`).toThrow('has no holes')
  expect(() => html`<!-- ${value} -->`).toThrow('cannot have a hole')
  expect(() => html`<a title="${html`<b>`}">x</a>`).toThrow('cannot stand in a value')
})
