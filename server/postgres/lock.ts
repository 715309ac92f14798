import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { refuse } from '../kit/errors.ts'

/**
 * Takes the data folder for this process, so that a second program is refused instead of stopping the first one's
 * database. The lock is the operating system's own (taken through SQLite, because Node has no `flock`): it is gone
 * the moment the process is gone, also after kill -9, needs no guess about process ids that are used again, and
 * holds between containers that share the folder. Returns the function that gives the folder back.
 *
 * Never open `running.lock` from elsewhere in this process: closing any handle of it would drop the lock.
 */
export function lockFolder(folder: string): () => void {
  const owner = join(folder, 'running.json')
  const lock = new DatabaseSync(join(folder, 'running.lock'))
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode !== 5) throw error
    refuse(
      `数据文件夹 ${folder} 正由另一个校研程序使用${describeOwner(owner)}。请先退出那个程序，或用 --data 另选一个数据文件夹。`,
      { code: 'folderInUse', status: 409 },
    )
  }
  try {
    writeFileSync(owner, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }))
  } catch {
    // A full disk must not keep the program from starting; the note only makes the sentence above clearer.
  }
  return () => lock.close()
}

function describeOwner(owner: string): string {
  try {
    const { pid, since } = JSON.parse(readFileSync(owner, 'utf8')) as { pid: number; since: string }
    const time = new Date(since).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' })
    return `（进程号 ${pid}，自 ${time} 起）`
  } catch {
    return ''
  }
}
