import { expect, test } from 'vitest'
import { fillTags } from '../../../src/cli/config/erb.ts'

const env = { THREADS: '12', QUEUE: 'low' }

test.each([
  ["<%= ENV['THREADS'] %>", '12'],
  ['<%= ENV["THREADS"] || 5 %>', '12'],
  ["<%= ENV['NONE'] || 5 %>", '5'],
  ["<%= ENV['NONE'] || 'five' %>", 'five'],
  ["<%= ENV['NONE'] %>", ''],
  ["<%= ENV.fetch('THREADS') %>", '12'],
  ["<%= ENV.fetch('NONE', 5) %>", '5'],
  ["<%= ENV.fetch('NONE') { 5 } %>", '5'],
  ["<%= ENV.fetch('NONE', 5).to_i -%>", '5'],
  ["<%= (ENV['NONE'] || 5).to_i %>", '5'],
  ['<%# a remark %>', ''],
  ["a: <%= ENV['QUEUE'] %>, b: <%= ENV['THREADS'] %>", 'a: low, b: 12'],
  ['# <%= Rails.env %>', '# <%= Rails.env %>'],
])('%s becomes %s', (text, filled) => {
  expect(fillTags(text, env, 'sidekiq.yml')).toBe(filled)
})

test.each(['<%= Rails.env %>', "<% if ENV['A'] %>", "<%= ENV['A'] + 1 %>", '<%= `id` %>', '<%='])(
  '%s is refused, with its line',
  (text) => {
    expect(() => fillTags(`---\n${text}`, env, 'sidekiq.yml')).toThrow('sidekiq.yml:2: this tag is Ruby')
  },
)

test('a variable that must be there and is not is named', () => {
  expect(() => fillTags("\n<%= ENV.fetch('NONE') %>", env, 'sidekiq.yml')).toThrow(
    'sidekiq.yml:2: the environment variable NONE is not set',
  )
})
