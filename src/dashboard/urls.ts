type Parameters = Readonly<Record<string, string | number | undefined>>

/** Makes every address of the dashboard: of a path below its base, with parameters. */
export interface Urls {
  /** `path` begins with a slash; its parts are encoded by `at`. Empty and undefined parameters are left out. */
  to(path: string, parameters?: Parameters): string
}

/** `sticky` are parameters that go along wherever one goes: the language that was asked for by address. */
export function urlsBelow(basePath: string, sticky: Parameters): Urls {
  return {
    to: (path, parameters = {}) => `${basePath}${path}${queryOf({ ...sticky, ...parameters })}`,
  }
}

/** A path whose holes are encoded: at`/queues/${name}`. Half a surrogate pair, as no address has, becomes '\ufffd'. */
export function at(strings: TemplateStringsArray, ...parts: readonly string[]): string {
  return String.raw({ raw: strings }, ...parts.map((part) => encodeURIComponent(part.toWellFormed())))
}

function queryOf(parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return query && `?${query}`
}

/**
 * The path below the base. A path that is not below it is taken as it is: a proxy or a framework has cut the base off.
 */
export function pathBelow(basePath: string, pathname: string): string {
  const isBelow = pathname === basePath || pathname.startsWith(`${basePath}/`)
  return (isBelow ? pathname.slice(basePath.length) : pathname) || '/'
}
