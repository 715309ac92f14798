import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseForbidden, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import type { Role } from '../kit/gate.ts'
import { changed } from '../kit/services.ts'
import type { Actor, Tx } from '../kit/sql.ts'
import { findOrganisation, listPosts } from '../org/store.ts'
import { pinyinKeys } from '../roster/pinyin.ts'
import { can } from './access.ts'
import { forgetCallers } from './actions.ts'
import type { AccountSlip } from './contract.ts'
import { hashPasswords, initialPassword } from './passwords.ts'
import { chooseLoginNames } from './rules.ts'
import * as store from './store.ts'

/** Most accounts that one request opens or resets: about two seconds of work. */
export const mostAccountsAtOnce = 200

/**
 * Opens accounts for people in service who have none: those named, or the next ones in the order of names. Gives the
 * slips with the first passwords, which are kept nowhere, and how many people are still without.
 */
export async function openAccounts(
  tx: Tx,
  input: { personIds: string[] | null },
): Promise<{ slips: AccountSlip[]; remaining: number }> {
  demand(can.manageAccounts(tx.actor))
  const waiting = await store.listWithoutAccount(tx)
  const wanted = input.personIds === null ? null : new Set(input.personIds)
  const roles = await rolesByPerson(tx)
  const chosen = waiting.filter((person) => {
    if (wanted !== null && !wanted.has(person.personId)) return false
    // Whoever reads the first password could sign in with it; for the head of the school that is not for everybody.
    const reason = can.touchAccount(tx.actor, roles.get(person.personId) ?? [])
    if (reason !== null && wanted !== null) refuseForbidden(reason)
    return reason === null
  })
  const slips = await open(tx, chosen.slice(0, mostAccountsAtOnce))
  return { slips, remaining: chosen.length - Math.min(chosen.length, mostAccountsAtOnce) }
}

async function open(tx: Tx, owners: store.AccountOwner[]): Promise<AccountSlip[]> {
  if (owners.length === 0) return []
  const passwords = owners.map(initialPassword)
  // The long part comes before any lock is taken.
  const hashes = await hashPasswords(passwords)
  await store.lockLoginNames(tx)
  const organisation = await findOrganisation(tx)
  const code = pinyinKeys(organisation?.name ?? '').initials.slice(0, 8) || 'x'
  const candidates = owners.flatMap(({ staffNumber }) => [staffNumber, `${code}-${staffNumber}`])
  const loginNames = chooseLoginNames(
    owners.map((owner) => owner.staffNumber),
    code,
    new Set(await store.listTakenLoginNames(tx, candidates)),
  )
  const opened = new Set(
    await store.insertAccounts(
      tx,
      owners.map((owner, index) => ({
        id: newId(),
        personId: owner.personId,
        loginName: loginNames[index] as string,
        passwordHash: hashes[index] as string,
      })),
    ),
  )
  const slips = owners.flatMap((owner, index) =>
    opened.has(owner.personId)
      ? [{ ...owner, loginName: loginNames[index] as string, password: passwords[index] as string }]
      : [],
  )
  await audit(tx, {
    type: 'access.accountsOpened',
    id: null,
    payload: { count: slips.length, loginNames: slips.map((slip) => slip.loginName) },
  })
  changed(tx, 'access', 'setup')
  return slips
}

/**
 * Opens an account for one person, or gives the one there is a new first password. The caller has decided that the
 * actor may.
 */
export async function openAccountFor(tx: Tx, personId: string): Promise<AccountSlip> {
  const [account] = await store.listAccountsOfPerson(tx, personId)
  if (account?.disabledAt) await store.setDisabled(tx, account.id, null)
  const [slip] = account
    ? await reset(tx, [account])
    : await open(
        tx,
        (await store.listWithoutAccount(tx)).filter((owner) => owner.personId === personId),
      )
  return slip ?? refuseNotFound('人员')
}

/** New first passwords for accounts; their sessions end. Gives the slips, which are kept nowhere. */
export async function resetPasswords(tx: Tx, accountIds: string[]): Promise<AccountSlip[]> {
  demand(can.manageAccounts(tx.actor))
  const accounts = await store.listAccountsFor(tx, accountIds)
  if (accounts.length !== new Set(accountIds).size) refuseNotFound('账号')
  const high = await rolesByPerson(tx)
  for (const account of accounts) demand(can.touchAccount(tx.actor, high.get(account.personId) ?? []))
  const disabled = accounts.find((account) => account.disabledAt !== null)
  if (disabled) refuse(`${disabled.name}的账号已停用，请先恢复再重设密码。`)
  return reset(tx, accounts)
}

async function reset(tx: Tx, accounts: store.OwnedAccount[]): Promise<AccountSlip[]> {
  const passwords = accounts.map(initialPassword)
  const hashes = await hashPasswords(passwords)
  await store.updatePasswords(
    tx,
    accounts.map((account, index) => ({ id: account.id, passwordHash: hashes[index] as string })),
  )
  await audit(tx, {
    type: 'access.passwordsReset',
    id: null,
    payload: {
      accountIds: accounts.map(({ id }) => id),
      loginNames: accounts.map((account) => account.loginName),
    },
  })
  tx.afterCommit(forgetCallers)
  changed(tx, 'access')
  return accounts.map((account, index) => ({
    personId: account.personId,
    name: account.name,
    staffNumber: account.staffNumber,
    loginName: account.loginName,
    password: passwords[index] as string,
  }))
}

/** Disables an account (its sessions end) or lets it in again. Nobody can lock themselves out. */
export async function setAccountDisabled(
  tx: Tx,
  input: { accountId: string; isDisabled: boolean },
): Promise<void> {
  demand(can.manageAccounts(tx.actor))
  const account = (await store.findAccount(tx, input.accountId)) ?? refuseNotFound('账号')
  if (account.id === tx.actor.accountId) refuse('不能停用自己的账号；确需停用请由另一位管理员操作。')
  demand(can.touchAccount(tx.actor, (await rolesByPerson(tx)).get(account.personId) ?? []))
  await store.setDisabled(tx, account.id, input.isDisabled ? tx.now : null)
  await audit(tx, {
    type: input.isDisabled ? 'access.accountDisabled' : 'access.accountEnabled',
    id: account.id,
    payload: { personId: account.personId },
  })
  tx.afterCommit(forgetCallers)
  changed(tx, 'access')
}

async function rolesByPerson(tx: Tx): Promise<Map<string, Role[]>> {
  const roles = new Map<string, Role[]>()
  for (const post of await listPosts(tx, tx.today))
    roles.set(post.personId, [...(roles.get(post.personId) ?? []), post.role])
  return roles
}

/** Why the account of each person may not be touched by this actor, or null; for the list. */
export async function touchReasons(tx: Tx, actor: Actor): Promise<(personId: string) => string | null> {
  const roles = await rolesByPerson(tx)
  return (personId) => can.touchAccount(actor, roles.get(personId) ?? [])
}
