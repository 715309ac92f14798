import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'

const outDir = join(import.meta.dirname, 'dist/web')

/** Writes `.br` and `.gz` beside every text file of the build, so that the server only picks one. */
function precompress(): Plugin {
  const brotli = promisify(brotliCompress)
  const gz = promisify(gzip)
  return {
    name: 'xiaoyan-precompress',
    apply: 'build',
    enforce: 'post',
    async closeBundle() {
      const entries = await readdir(outDir, { recursive: true, withFileTypes: true })
      const files = entries
        .filter((entry) => entry.isFile() && /\.(js|css|html|svg|webmanifest)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name))
      await Promise.all(
        files.map(async (file) => {
          const content = await readFile(file)
          const [small, widely] = await Promise.all([
            brotli(content, {
              params: {
                [constants.BROTLI_PARAM_QUALITY]: 9,
                [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
              },
            }),
            gz(content, { level: 9 }),
          ])
          await Promise.all([writeFile(`${file}.br`, small), writeFile(`${file}.gz`, widely)])
        }),
      )
    },
  }
}

export default defineConfig({
  root: join(import.meta.dirname, 'web'),
  plugins: [react(), precompress()],
  server: {
    port: 5173,
    // Contracts and the engine's types lie beside web/, not in it.
    fs: { allow: [import.meta.dirname] },
    proxy: { '/api': { target: 'http://127.0.0.1:4000', changeOrigin: false } },
  },
  build: {
    outDir,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // Inline scripts are forbidden by our content security policy.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules\/(react|react-dom|scheduler|use-sync-external-store)\//,
              priority: 30,
            },
            { name: 'tanstack', test: /node_modules\/@tanstack\//, priority: 20 },
            {
              name: 'editor',
              test: /node_modules\/(@tiptap|prosemirror-[a-z-]+|orderedmap|rope-sequence|w3c-keyname)\//,
              priority: 20,
            },
          ],
        },
      },
    },
  },
})
