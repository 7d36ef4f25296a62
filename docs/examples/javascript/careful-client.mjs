// A client of Tempo Cloud that bears the traps of docs/traps.md. Node 18 or later, nothing to install.
//
//   const tempo = new Tempo({ base: 'http://localhost:8090/4', token: process.env.TEMPO_TOKEN })
//   const rows = await tempo.worklogs('2013-08-01', '2013-11-30')

const WAITS_AFTER_ERRORS = [5, 10, 15]
const MOST_REFUSALS_BY_RATE = 10
const DAY = 86_400_000

const HINTS = {
  401: 'the token is unknown or expired, or belongs to another region than this host',
  403: 'the token is good and lacks a scope or its owner a permission; or the base URL is not that of the API',
}

export class TempoError extends Error {
  /** status: of the answer, 0 where none came. messages: what the server says, for people. */
  constructor(method, url, status, messages) {
    super([`${method} ${url}: ${status || 'no answer'}`, ...messages, ...(HINTS[status] ? [HINTS[status]] : [])].join('; '))
    this.status = status
    this.messages = messages
  }
}

/** Tempo shows less than there was: a gap to report, never a reason to delete. */
export class IncompleteError extends Error {
  constructor(missing) {
    super(`no worklogs any more of ${missing.join(', ')}`)
  }
}

export class Tempo {
  /**
   * base: with /4 and without a slash at the end. jira: { base, email, token }. pause: waits so many seconds.
   * between: seconds after each answer; 0.25 is four calls a second at most. limit: rows of a page.
   */
  constructor({ base, token, jira, pause = sleep, between = 0.25, limit = 1000 }) {
    Object.assign(this, { base, token, jira, pause, between, limit })
  }

  /** One call; waits and repeats where that is safe. Answers JSON, null for 204; throws TempoError. */
  async call(method, path, body) {
    const repeatable = method !== 'POST' || path.split('?')[0].endsWith('/search')
    const waits = repeatable ? [...WAITS_AFTER_ERRORS] : []
    let byRate = MOST_REFUSALS_BY_RATE
    for (;;) {
      const { status, text, retryAfter } = await this.ask(method, path, body)
      if (status === 204) return null
      if (status >= 200 && status < 300) return JSON.parse(text)
      if (status === 429 && byRate-- > 0) {
        await this.pause(Number(retryAfter) || 1)
      } else if ((status === 0 || status >= 500) && waits.length) {
        this.troubled = true
        await this.pause(waits.shift())
      } else {
        throw new TempoError(method, this.base + path, status, messagesOf(text))
      }
    }
  }

  /** One request as it is. Refused, cut or silent it has the status 0: nobody knows whether it was carried out. */
  async ask(method, path, body) {
    try {
      const response = await fetch(this.base + path, {
        method,
        headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.timeout(60_000),
      })
      return { status: response.status, text: await response.text(), retryAfter: response.headers.get('Retry-After') }
    } catch (error) {
      return { status: 0, text: JSON.stringify({ error: String(error.cause ?? error) }) }
    } finally {
      if (this.between) await sleep(this.between)
    }
  }

  /** All rows of a list, each once. Links are followed by their query alone, so that no other host gets the token. */
  async list(path, { expectsRows = false } = {}) {
    const rows = new Map()
    for (let asked = path; asked; ) {
      const page = await this.page(asked, expectsRows || asked !== path)
      for (const row of page.results) rows.set(row.tempoWorklogId ?? row.id ?? rows.size, row)
      const next = page.metadata.next
      asked = next && path.split('?')[0] + new URL(next).search
    }
    return [...rows.values()]
  }

  /** One page. One that is empty where there should be rows, or right after an error, is asked for again. */
  async page(path, expectsRows) {
    for (let left = 3; ; left--) {
      this.troubled = false
      const page = await this.call('GET', path)
      if (page.results.length || left === 0 || !(expectsRows || this.troubled)) return page
      await this.pause(1)
    }
  }

  /** Everybody's worklogs of some days, by weeks: small windows have few pages that could shift. */
  async worklogs(from, to, { expectsRows = false } = {}) {
    const rows = new Map()
    for (let day = Date.parse(from); day <= Date.parse(to); day += 7 * DAY) {
      const last = Math.min(day + 6 * DAY, Date.parse(to))
      const query = `from=${date(day)}&to=${date(last)}&limit=${this.limit}`
      for (const row of await this.list(`/worklogs?${query}`, { expectsRows })) rows.set(row.tempoWorklogId, row)
    }
    return [...rows.values()]
  }

  /** Log work. An answer that got lost is looked for before anything is sent twice. */
  async create(worklog) {
    const body = { ...worklog, issueId: Number(worklog.issueId), attributes: worklog.attributes ?? [] }
    const before = new Set((await this.ofDay(body)).map((row) => row.tempoWorklogId))
    try {
      return await this.call('POST', '/worklogs', body)
    } catch (error) {
      if (error.status !== 0 && !(error.status >= 500)) throw error
      const made = (await this.ofDay(body)).find((row) => !before.has(row.tempoWorklogId) && isSame(row, body))
      if (made) return made
      throw error
    }
  }

  /** Log those of the wanted worklogs that are not there yet; answers them. A preview writes nothing. */
  async book(wanted, { preview = false } = {}) {
    const lacking = []
    for (const one of wanted) {
      if (!(await this.ofDay(one)).some((row) => isSame(row, one))) lacking.push(one)
    }
    if (preview) return lacking
    const made = []
    for (const one of lacking) made.push(await this.create(one))
    return made
  }

  /**
   * Make a copy of these days, a Map of rows by id, what Tempo has now. Deletes only what is gone by its own id too.
   * Answers ids: those deleted, and those overlooked, which are there although the list was without them.
   * Throws TempoError when not all could be read, IncompleteError when somebody is missing altogether; the copy is then
   * as it was.
   */
  async refresh(copy, from, to) {
    const rows = await this.worklogs(from, to)
    const gaps = missing(rows, people([...copy.values()]))
    if (gaps.length) throw new IncompleteError(gaps)
    const found = new Map(rows.map((row) => [row.tempoWorklogId, row]))
    const deleted = []
    const overlooked = []
    for (const id of [...copy.keys()].filter((id) => !found.has(id))) {
      const row = await this.ifThere(id)
      if (row) found.set(id, row)
      ;(row ? overlooked : deleted).push(id)
    }
    copy.clear()
    for (const [id, row] of found) copy.set(id, row)
    return { deleted, overlooked }
  }

  /** A worklog by its id, null when there is none. */
  async ifThere(id) {
    try {
      return await this.call('GET', `/worklogs/${id}`)
    } catch (error) {
      if (error.status !== 404) throw error
      return null
    }
  }

  ofDay({ authorAccountId, startDate }) {
    return this.list(`/worklogs/user/${authorAccountId}?from=${startDate}&to=${startDate}&limit=${this.limit}`)
  }

  /** Delete a worklog; one that is not there is deleted. */
  async remove(id) {
    try {
      await this.call('DELETE', `/worklogs/${id}`)
    } catch (error) {
      if (error.status !== 404) throw error
    }
  }

  /** The numeric id behind an issue key: Tempo knows no keys. */
  async issueId(key) {
    const { base, email, token } = this.jira
    const headers = { Authorization: `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}` }
    const response = await fetch(`${base}/rest/api/3/issue/${encodeURIComponent(key)}?fields=summary`, { headers })
    if (!response.ok) throw new TempoError('GET', response.url, response.status, messagesOf(await response.text()))
    return Number((await response.json()).id)
  }

  /** Whether Tempo answers here: true, false, or null where nobody can tell. */
  async isThere() {
    try {
      await this.call('GET', '/worklogs?limit=1')
      return true
    } catch (error) {
      if (!(error instanceof TempoError) || !error.status || error.status >= 500 || error.status === 429) return null
      return error.status !== 404
    }
  }
}

/** Whose worklogs these are. Authors nobody has any more are left out. */
export function people(rows) {
  const ids = new Set(rows.map((row) => row.author.accountId))
  ids.delete('__tempo-io__unknown_user')
  return ids
}

/** Who was expected, or seen last time, and is in no row: a gap to report, never a reason to delete. */
export const missing = (rows, expected) => [...expected].filter((id) => !people(rows).has(id))

/** The day on which work was done: the author's own, never cut off a UTC stamp. */
export const dayOf = (row) => row.startDate

const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000))

const date = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10)

const isSame = (row, body) => row.issue.id === body.issueId && row.timeSpentSeconds === body.timeSpentSeconds

function messagesOf(text) {
  try {
    const body = JSON.parse(text)
    return body.error ? [body.error] : [body.errors ?? []].flat().map((one) => one.message)
  } catch {
    return []
  }
}
