import { chownSync, existsSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunAs } from './processes.ts'
import { readOnlyFile } from './settings.ts'

const megabyte = 1024 * 1024
/** Four segments of WAL: enough for recovery after a crash and for the checkpoint of a clean stop. */
const reserveBytes = 64 * megabyte
/** Below this the server only reads, from `highMark` on it writes again. */
const lowMark = 96 * megabyte
const highMark = 160 * megabyte

/** Bytes that an ordinary user may still write on the disk of that folder. */
export function freeBytes(folder: string): number {
  const space = statfsSync(folder)
  return space.bavail * space.bsize
}

/** Watches the disk under the database. */
export interface DiskGuard {
  /** Whether the server only reads at the moment because the disk is nearly full. */
  isFull(): boolean
  /** Gives the reserve to the server when it cannot go on without: before a stop and after a crash. */
  release(): void
  /** Looks at once instead of at the next beat; used at start and by tests. */
  look(): void
  stop(): void
}

/**
 * Keeps a full disk from hurting the database: below 96 MB of free space new transactions only read (SQLSTATE 25006
 * for writers), so that nothing acknowledged can be lost and pages still open; with space again they write. A
 * reserve file of 64 MB is given up when the server has to be stopped or to recover without any space left.
 * Switching needs no free block: it renames a file that was written beforehand.
 */
export function guardDisk(
  folder: string,
  cluster: string,
  runAs: RunAs,
  log: (line: string) => void,
  reload: () => void,
  onChange: (full: boolean) => void,
): DiskGuard {
  const reserve = join(folder, 'reserve')
  const on = join(cluster, readOnlyFile)
  const off = `${on}.off`
  let filling = false
  let stopped = false

  if (!existsSync(on) && !existsSync(off)) {
    writeFileSync(off, '# 磁盘快满时由校研程序启用。\ndefault_transaction_read_only = on\n', { mode: 0o600 })
    if (runAs) chownSync(off, runAs.uid, runAs.gid)
  }

  const look = () => {
    let free: number
    try {
      free = freeBytes(folder)
    } catch {
      return
    }
    if (free < lowMark && existsSync(off)) {
      renameSync(off, on)
      log(`磁盘只剩 ${Math.floor(free / megabyte)} MB，数据库改为只读，以保住已有数据。请尽快腾出空间。`)
      reload()
      onChange(true)
    } else if (free > highMark && existsSync(on)) {
      renameSync(on, off)
      log('磁盘空间已恢复，数据库可以写入。')
      reload()
      onChange(false)
    }
    if (free > highMark + 2 * reserveBytes && !existsSync(reserve) && !filling) {
      filling = true
      void fillReserve(reserve).finally(() => (filling = false))
    }
  }

  const timer = setInterval(look, 2000)
  timer.unref()
  return {
    isFull: () => existsSync(on),
    release: () => {
      if (!existsSync(reserve) || freeBytes(folder) >= reserveBytes) return
      rmSync(reserve, { force: true })
      log('磁盘已满，已动用预留的 64 MB，使数据库能安全收尾。')
    },
    look: () => {
      if (!stopped) look()
    },
    stop: () => {
      stopped = true
      clearInterval(timer)
    },
  }
}

/** Real blocks with uneven content: a sparse or compressed file would reserve nothing. */
async function fillReserve(path: string): Promise<void> {
  const block = Buffer.alloc(megabyte)
  const half = `${path}.new`
  try {
    const handle = await open(half, 'w', 0o600)
    try {
      for (let written = 0; written < reserveBytes; written += block.length) {
        crypto.getRandomValues(block.subarray(0, 65536))
        for (let at = 65536; at < block.length; at += 65536)
          crypto.getRandomValues(block.subarray(at, at + 65536))
        await handle.write(block)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(half, path)
  } catch {
    await rm(half, { force: true })
  }
}
