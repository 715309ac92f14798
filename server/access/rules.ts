/** Wrong passwords in a row before the account rests, and for how long. */
export const lockAfterFailures = 8
export const lockMinutes = 15

/** A session lives this long after it was last used: teachers keep their phone signed in over the holidays. */
export const sessionDays = 60

/** Why a new password will not do, or null. At least 8 characters, not all of one kind, nothing that names the account. */
export function passwordProblem(password: string, loginName: string): string | null {
  if (password.length < 8) return '新密码至少 8 位。'
  if (password.length > 200) return '新密码太长。'
  if (/^\d+$/.test(password) || /^[a-zA-Z]+$/.test(password)) return '新密码请同时包含字母和数字。'
  if (password.toLowerCase().includes(loginName.toLowerCase()) && loginName.length >= 4)
    return '新密码不要包含登录名。'
  return null
}

/**
 * Login names for people: the 工号 in lower case, with the school's short code before it where it is taken by somebody
 * of any school, then with a number behind. `taken` holds names in lower case and grows.
 */
export function chooseLoginNames(staffNumbers: string[], code: string, taken: Set<string>): string[] {
  return staffNumbers.map((staffNumber) => {
    const bare = staffNumber.toLowerCase()
    let name = bare
    for (let turn = 1; taken.has(name); turn++)
      name = `${code.toLowerCase()}-${bare}${turn === 1 ? '' : `-${turn}`}`
    taken.add(name)
    return name
  })
}
