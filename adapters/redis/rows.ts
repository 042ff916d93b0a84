import type { Row } from '../../src/storage.ts'

/** Begins a key of bytes that are no UTF-8: behind it they stand in hexadecimal. */
const HEX = 'bytes:'

/** A row of a set is known by its text, and a row of a list has no other name. So a row's key is its text. */
export function rowOf(bytes: Buffer, at?: number): Row {
  return { key: keyOfBytes(bytes), text: bytes.toString(), at }
}

/** Bytes that are no UTF-8 do not survive as a string: U+FFFD stands where they were. */
export function keyOfBytes(bytes: Buffer): string {
  const text = bytes.toString()
  return text.includes('\ufffd') || text.startsWith(HEX) ? HEX + bytes.toString('hex') : text
}

/** What a key stands for, as it lies in Redis. */
export const bytesOf = (key: string): string | Buffer =>
  key.startsWith(HEX) ? Buffer.from(key.slice(HEX.length), 'hex') : key
