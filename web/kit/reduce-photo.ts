/** Longest side of a photo as it is kept; enough to print it over the width of a page. */
const longestSide = 1920
/** Smaller ones are sent as they are. */
const worthReducing = 700_000

const photoTypes = /^image\/(jpeg|png|webp|heic|heif)$/

/** By what the device says of it, or by its name where it says nothing (heic on Android and Windows). */
export function isPhoto(file: File): boolean {
  return photoTypes.test(file.type) || (file.type === '' && /\.(jpe?g|png|webp|hei[cf])$/i.test(file.name))
}

/**
 * A photo of a phone made smaller in the browser before it is sent, so that a school's line carries it. What is no
 * photo, small already, or cannot be read here is given back as it is.
 */
export async function reducePhoto(file: File): Promise<File> {
  if (!isPhoto(file) || file.size < worthReducing) return file
  try {
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const scale = Math.min(1, longestSide / Math.max(image.width, image.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(image.width * scale)
    canvas.height = Math.round(image.height * scale)
    const context = canvas.getContext('2d')
    if (!context) return file
    // What is transparent would turn black.
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    image.close()
    const reduced = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.82))
    if (!reduced || reduced.size >= file.size) return file
    return new File([reduced], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' })
  } catch {
    return file
  }
}
