// The page behind the code: signs in by itself, asks for the password where needed, waits for the network where there is none.
// Written for the older browsers inside chat applications.
;(() => {
  const parkedKey = 'xiaoyan.parkedScans'
  const find = (id) => document.getElementById(id)
  const token = location.pathname.split('/')[2] || ''
  const scannedAt = Date.now()
  const shapes = {
    yes: 'M5 12.5 10 17.5 19.5 7',
    no: 'M12 6v7.500M12 17.500v.01',
    park: 'M12 6.500V12l3.500 2.500',
  }
  let again = () => location.reload()

  function show(kind, word, about, time) {
    find('mark').hidden = false
    find('mark').className = `mark ${kind}`
    find('mark').innerHTML = shapes[kind] ? `<svg viewBox="0 0 24 24"><path d="${shapes[kind]}"/></svg>` : ''
    find('word').textContent = word
    find('time').textContent = time || ''
    find('about').textContent = about || ''
    find('login').hidden = find('number').hidden = true
    find('again').hidden = kind !== 'no'
    find('other').hidden = kind !== 'no'
    find('home').hidden = kind === 'wait'
    document.title = word
  }

  async function post(path, input) {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), 12000)
    let response
    try {
      response = await fetch(`/api/${path}`, {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
        signal: stop.signal,
      })
    } catch {
      throw { offline: true }
    } finally {
      clearTimeout(timer)
    }
    const body = await response.json().catch(() => null)
    // A gateway that answers in place of the server is no network either.
    if (!body || (response.status >= 502 && !body.error)) throw { offline: true }
    if (!response.ok) throw { status: response.status, ...body.error }
    return body
  }

  function readParked() {
    try {
      return JSON.parse(localStorage.getItem(parkedKey)) || []
    } catch {
      return []
    }
  }
  function writeParked(scans) {
    try {
      localStorage.setItem(parkedKey, JSON.stringify(scans.slice(-20)))
      return true
    } catch {
      return false
    }
  }
  function park() {
    const scans = readParked()
    if (!scans.some((scan) => scan.token === token)) scans.push({ token, scannedAt })
    if (!writeParked(scans))
      return show('no', '没有网络', '这台手机不能暂存，请联网后重新扫码，或请组长点名。')
    show('park', '已暂存', '现在没有网络。已暂存，联网后自动提交，可以关掉本页。')
    find('again').hidden = false
    again = () => deliver()
  }
  function unpark(done) {
    writeParked(readParked().filter((scan) => scan.token !== done))
  }

  function welcome(result) {
    unpark(token)
    show(
      'yes',
      result.result === 'already' ? '已经签到' : '签到成功',
      `${result.personName}${result.isGuest ? '（外组参加）' : ''}\n${result.theme}${result.session ? ` · 第 ${result.session} 场` : ''}\n${result.unitName}${result.place ? ` · ${result.place}` : ''}`,
      result.time,
    )
  }

  function refuse(error, attempt) {
    if (error.offline) return token ? park() : show('no', '没有网络', '请检查网络后再试。')
    if (error.status === 401) return askLogin(error.code === 'wrongPassword' ? error.message : '', attempt)
    show('no', '没有签上', error.message || '服务器出了问题，请再试一次，或请组长点名。')
    again = () => (error.code === 'expired' || !token ? location.assign('/scan') : attempt())
    find('again').textContent = error.code === 'expired' ? '重新扫码' : '再试一次'
    find('other').hidden = error.code === 'expired'
  }

  function askLogin(message, attempt) {
    show('no', '请先登录', message || '第一次在这部手机上签到需要登录，以后扫码就好。')
    find('mark').hidden = true
    find('again').hidden = find('other').hidden = find('home').hidden = true
    const form = find('login')
    form.hidden = false
    afterLogin = attempt
    if (!form.loginName.value) form.loginName.focus()
    else form.password.focus()
  }

  async function run(attempt) {
    show('wait', '正在签到')
    try {
      welcome(await attempt())
    } catch (error) {
      refuse(error, () => run(attempt))
    }
  }

  function signIn() {
    return run(() => post('attendance/signIn', { token }))
  }

  async function deliver() {
    const scan = readParked().find((entry) => entry.token === token)
    if (!scan) return signIn()
    return run(() => post('attendance/deliverParked', { ...scan, sentAt: Date.now() }))
  }

  // Scans of other activities that still wait on this phone.
  async function deliverOthers() {
    for (const scan of readParked()) {
      if (scan.token === token) continue
      try {
        await post('attendance/deliverParked', { ...scan, sentAt: Date.now() })
        unpark(scan.token)
      } catch (error) {
        if (error.offline || error.status === 401 || error.status >= 500) return
        unpark(scan.token)
      }
    }
  }

  function askNumber() {
    show('no', '输入数字签到', '')
    find('mark').hidden = true
    find('again').hidden = find('other').hidden = true
    const form = find('number')
    form.hidden = false
  }

  let afterLogin = () => {}
  find('login').addEventListener('submit', async (event) => {
    event.preventDefault()
    const form = find('login')
    const button = form.querySelector('button')
    button.disabled = true
    try {
      await post('access/signIn', { loginName: form.loginName.value.trim(), password: form.password.value })
      await afterLogin()
    } catch (error) {
      refuse(error, afterLogin)
    } finally {
      button.disabled = false
    }
  })
  find('number').addEventListener('submit', (event) => {
    event.preventDefault()
    const number = find('number').number.value
    void run(() => post('attendance/signInByNumber', { number }))
  })
  find('again').addEventListener('click', () => again())
  addEventListener('online', () => {
    if (readParked().some((scan) => scan.token === token)) void deliver()
    else void deliverOthers()
  })
  if ('serviceWorker' in navigator)
    navigator.serviceWorker.register('/s/worker.js', { scope: '/s/' }).catch(() => {})

  if (!token) askNumber()
  else void (readParked().some((scan) => scan.token === token) ? deliver() : signIn()).then(deliverOthers)
})()
