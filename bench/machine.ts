import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { makeBase } from '../server/bad-days/program.ts'

/** A folder for measurements on a real disk: what is only in memory would flatter the database. */
export function makeBenchFolder(): string {
  const inMemory = statfsSync('/tmp').type === 0x01021994
  return inMemory ? makeBase('/var/tmp') : makeBase()
}

/** Writes of 8 kB that reach the disk one after the other, per second: the limit of a single committing connection. */
export function measureDisk(folder: string): number {
  const path = join(folder, 'disk-probe')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(8_192, 1)
  let writes = 0
  const end = performance.now() + 1_000
  while (performance.now() < end) {
    writeSync(file, block, 0, block.length, (writes % 64) * block.length)
    fdatasyncSync(file)
    writes++
  }
  closeSync(file)
  rmSync(path)
  return writes
}

/** One line about the machine, so that figures of two machines are not compared by mistake. */
export function describeMachine(folder: string): string {
  const [first] = cpus()
  const load = loadavg()[0]?.toFixed(1)
  return `${cpus().length} 核 ${first?.model.trim() ?? ''}，内存 ${Math.round(totalmem() / 1024 ** 3)} GB，落盘 ${measureDisk(folder)} 次/秒，开始时负载 ${load}（别的程序在用机器时，数字会偏差），Node ${process.versions.node}`
}
