import { generateKeyPairSync, sign } from 'node:crypto'

/** A certificate for 127.0.0.1 that vouches for itself, made here: neither OpenSSL's program nor a secret is kept. */
export function selfSigned(): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(0x30, [oid('2a8648ce3d040302')]) // ecdsa-with-SHA256
  const name = der(0x30, [der(0x31, [der(0x30, [oid('550403'), der(0x0c, ['quayside'])])])])
  const years = der(0x30, [der(0x17, ['200101000000Z']), der(0x17, ['491231000000Z'])])
  const addresses = der(0x30, [der(0x87, [Buffer.from([127, 0, 0, 1])])])
  const extensions = der(0xa3, [der(0x30, [der(0x30, [oid('551d11'), der(0x04, [addresses])])])])
  const version = der(0xa0, [der(0x02, [Buffer.from([2])])])
  const serial = der(0x02, [Buffer.from([1])])
  const subject = publicKey.export({ type: 'spki', format: 'der' })
  const body = der(0x30, [version, serial, algorithm, name, years, name, subject, extensions])
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)])
  const cert = der(0x30, [body, algorithm, der(0x03, [signature])])
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${cert.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** One value of X.509: its tag, its length, and what is in it. */
function der(tag: number, parts: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)))
  const { length } = content
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}

function oid(hex: string): Buffer {
  return der(0x06, [Buffer.from(hex, 'hex')])
}
