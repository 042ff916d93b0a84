import { beforeAll, describe, expect, test } from 'vitest'
import { dist } from '../scripts/ready/dist.mjs'
import { measure, readme, type Size, tableOf } from '../scripts/size.mjs'

describe('the size of the package', () => {
  let sizes: Size[]

  beforeAll(async () => {
    await dist()
    sizes = await measure()
  })

  test('keeps to its budgets', () => {
    const over = sizes.filter(({ brotliKiB, budgetKiB }) => brotliKiB > budgetKiB)
    expect(over).toEqual([])
  })

  test('is what README.md says (npm run size -- --write)', () => {
    expect(readme().table).toBe(tableOf(sizes))
  })
})
