/** An object whose `then` is this. */
export const thenable = (then: unknown): object => Object.fromEntries([['then', then]])
