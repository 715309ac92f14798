/** Small raster pictures that Word needs, because it cannot draw them itself: a QR code and the seal's circle. */
import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

function chunk(type: string, body: Uint8Array): Buffer {
  const out = Buffer.alloc(12 + body.length)
  out.writeUInt32BE(body.length, 0)
  out.write(type, 4, 'latin1')
  out.set(body, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + body.length)), 8 + body.length)
  return out
}

/** A PNG in 8-bit RGB; `colourAt` answers for each pixel. */
function createPng(size: number, colourAt: (x: number, y: number) => [number, number, number]): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = Buffer.alloc(size * (1 + size * 3))
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) rows.set(colourAt(x, y), y * (1 + size * 3) + 1 + x * 3)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ])
}

/** A QR code as PNG, eight pixels a module, with a border of two modules. */
export function createQrPng(text: string): Buffer {
  const { data } = encode(text, { border: 2, ecc: 'M' })
  const scale = 8
  return createPng(data.length * scale, (x, y) =>
    data[Math.floor(y / scale)]?.[Math.floor(x / scale)] ? [27, 31, 29] : [255, 255, 255],
  )
}

/** A dotted circle in seal red as PNG: the place for the stamp. */
export function createSealPng(): Buffer {
  const size = 480
  const centre = size / 2
  const radius = centre - 8
  const dots = 96
  return createPng(size, (x, y) => {
    const angle = Math.atan2(y - centre, x - centre)
    const nearest = (Math.round((angle / (2 * Math.PI)) * dots) / dots) * 2 * Math.PI
    const distance = Math.hypot(
      x - centre - radius * Math.cos(nearest),
      y - centre - radius * Math.sin(nearest),
    )
    const cover = Math.min(Math.max(4 - distance, 0), 1)
    const mix = (ink: number) => Math.round(255 - (255 - ink) * cover)
    return [mix(0xc6), mix(0x5a), mix(0x54)]
  })
}
