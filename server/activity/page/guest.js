// Sends name and school of a guest with the number from the screen; remembers both for the next time.
const form = document.querySelector('#guest')
const field = (name) => form.elements.namedItem(name)
for (const name of ['name', 'school']) field(name).value = localStorage.getItem(`guest-${name}`) ?? ''
form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const button = form.querySelector('button')
  const problem = document.querySelector('#problem')
  button.disabled = true
  problem.textContent = ''
  const values = Object.fromEntries(
    ['number', 'name', 'school'].map((name) => [name, field(name).value.trim()]),
  )
  try {
    const response = await fetch(`/api/guest/${location.pathname.split('/').pop()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(values),
    })
    const answer = await response.json()
    if (!response.ok) throw new Error(answer.error?.message ?? '没有登记上，请再试一次。')
    for (const name of ['name', 'school']) localStorage.setItem(`guest-${name}`, values[name])
    form.hidden = true
    document.querySelector('#word').textContent = answer.isNew ? '签到成功' : '您已经签到过了'
    document.querySelector('#about').textContent = `${values.name}，欢迎参加《${answer.theme}》。`
  } catch (error) {
    problem.textContent = error instanceof TypeError ? '网络不通，请检查后再试。' : error.message
  } finally {
    button.disabled = false
  }
})
