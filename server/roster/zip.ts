/** What the central directory of a zip file says about one entry; nothing is unpacked to learn it. */
export interface ZipEntry {
  name: string
  /** 0 stored, 8 deflated. */
  method: number
  packedBytes: number
  declaredBytes: number
  /** Where the entry's local header begins. */
  offset: number
}

/** Lists the entries of a zip file; `undefined` when its directory is damaged or uses zip64 (never a small roster). */
export function listZipEntries(bytes: Uint8Array): ZipEntry[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const earliest = Math.max(0, bytes.length - 22 - 65_535)
  let end = bytes.length - 22
  while (end >= earliest && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < earliest || end < 0) return undefined
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const entries: ZipEntry[] = []
  const decoder = new TextDecoder()
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) return undefined
    const nameBytes = view.getUint16(at + 28, true)
    const packedBytes = view.getUint32(at + 20, true)
    const declaredBytes = view.getUint32(at + 24, true)
    const offset = view.getUint32(at + 42, true)
    if (packedBytes === 0xffffffff || offset + 30 > bytes.length) return undefined
    entries.push({
      name: decoder.decode(bytes.subarray(at + 46, at + 46 + nameBytes)),
      method: view.getUint16(at + 10, true),
      packedBytes,
      declaredBytes,
      offset,
    })
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

/** The packed bytes of an entry. */
export function packedBytesOf(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const from =
    entry.offset + 30 + view.getUint16(entry.offset + 26, true) + view.getUint16(entry.offset + 28, true)
  return bytes.subarray(from, from + entry.packedBytes)
}
