import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chownSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { RunAs } from './processes.ts'

/** What a start decides about the server's configuration. */
export interface Settings {
  /** Unix socket, or loopback with a password (Windows). Folder and port are told on the command line. */
  unixSocket: boolean
  fsync: boolean
  /** A throw-away server for tests: nothing survives, many connections. */
  memory: boolean
}

const ours = 'xiaoyan.conf'
/** The server only reads while a file of this name is in the cluster; see `disk-guard.ts`. */
export const readOnlyFile = 'disk-full.conf'

/**
 * Writes `xiaoyan.conf` and `pg_hba.conf` and hooks the former into `postgresql.conf`. Written anew at each start, so
 * that an upgrade of the program brings its settings along; what a school sets for itself belongs in `local.conf`
 * beside it, which wins. Returns a digest: a left-over server with another one must be restarted. The sizes suit one school or a district on a machine with 2 cores and 4 GB.
 */
export function writeSettings(cluster: string, settings: Settings, runAs: RunAs): string {
  const text = [
    '# 由校研程序写入，每次启动都会重写。自己的设置请写在同一文件夹的 local.conf 里。',
    settings.unixSocket
      ? `listen_addresses = ''\nunix_socket_permissions = 0700`
      : `listen_addresses = '127.0.0.1'`,
    `max_connections = ${settings.memory ? 200 : 60}`,
    'shared_buffers = 128MB',
    'work_mem = 8MB',
    'maintenance_work_mem = 64MB',
    'effective_cache_size = 1GB',
    'random_page_cost = 1.1',
    'max_parallel_workers_per_gather = 1',
    // Our queries are short; compiling them costs more than it gains.
    'jit = off',
    'synchronous_commit = on',
    `fsync = ${settings.fsync ? 'on' : 'off'}`,
    `full_page_writes = ${settings.fsync ? 'on' : 'off'}`,
    'wal_level = replica',
    'wal_compression = on',
    'min_wal_size = 48MB',
    'max_wal_size = 256MB',
    `checkpoint_timeout = ${settings.memory ? '1h' : '10min'}`,
    'max_locks_per_transaction = 128',
    'huge_pages = off',
    "timezone = 'Asia/Shanghai'",
    "log_timezone = 'Asia/Shanghai'",
    "lc_messages = 'C'",
    "default_text_search_config = 'pg_catalog.simple'",
    'idle_in_transaction_session_timeout = 10min',
    // One file per weekday, overwritten after a week.
    `logging_collector = ${settings.memory ? 'off' : 'on'}`,
    "log_directory = 'log'",
    "log_filename = 'postgresql-%a.log'",
    'log_truncate_on_rotation = on',
    'log_rotation_age = 1d',
    'log_rotation_size = 0',
    "log_line_prefix = '%m [%p] %u '",
    'log_lock_waits = on',
    'log_min_duration_statement = 2s',
    // Values of a school's people do not belong in a log file.
    'log_parameter_max_length = 0',
    'log_parameter_max_length_on_error = 0',
    'log_checkpoints = off',
    `include_if_exists = '${readOnlyFile}'`,
    "include_if_exists = 'local.conf'",
    '',
  ].join('\n')
  write(cluster, ours, text, runAs)
  const main = join(cluster, 'postgresql.conf')
  const hook = `include = '${ours}'`
  if (!readFileSync(main, 'utf8').includes(hook)) appendFileSync(main, `\n${hook}\n`)
  // The socket lies in a 0700 folder: who can reach it may enter. Windows has no such socket, hence the password.
  const access = settings.unixSocket
    ? 'local all all trust\nlocal replication all trust\n'
    : 'host all all 127.0.0.1/32 scram-sha-256\n'
  write(cluster, 'pg_hba.conf', access, runAs)
  return createHash('sha256')
    .update(text + access)
    .digest('hex')
}

/** Writes only what changed and never half; at a full disk the former text stays, and the start goes on. */
function write(cluster: string, name: string, text: string, runAs: RunAs): void {
  const path = join(cluster, name)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  const half = `${path}.new`
  try {
    writeFileSync(half, text, { mode: 0o600 })
    if (runAs) chownSync(half, runAs.uid, runAs.gid)
    renameSync(half, path)
  } catch (error) {
    rmSync(half, { force: true })
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || !existsSync(path)) throw error
  }
}
