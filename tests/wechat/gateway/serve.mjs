// A wechaty gateway without WeChat: npm's PuppetServer over npm's PuppetMock, driven by JSON lines on stdin.
//
//   node serve.mjs LINE PORT TOKEN      LINE: line0 (wechaty-puppet-service 0.30.2) or line1 (1.19.9)
//
// Each request {"n", "do", …} is answered by {"n", "ok"} or {"n", "error"}; each send that the bot makes is told as
// {"sent"} before the bot has its answer. The process ends with its stdin, so it never outlives a test.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'

const [line, port, token] = process.argv.slice(2)
process.env.WECHATY_LOG = 'silent'
const load = createRequire(new URL(`./${line}/package.json`, import.meta.url))
const { PuppetServer } = load('wechaty-puppet-service')
const { PuppetMock, mock } = load('wechaty-puppet-mock')

const CONTACT = 2, ROOM = 4
const TEXT = 7, IMAGE = 6, URL_LINK = 14, CARD = 3
const micros = () => Math.round((performance.timeOrigin + performance.now()) * 1000)
const tell = (what) => process.stdout.write(JSON.stringify(what) + '\n')

// puppet-mock answers sends without an id, drops mentions and keeps no deeds; the overrides give it a memory.
class Gateway extends PuppetMock {
  account = null
  aliases = new Map()
  notices = new Map()
  called = new Map()
  refusals = []
  silent = false
  plain = false
  watched = false
  count = 0

  async start() {
    await super.start()
    if (this.account && !this.loggedIn()) await this.login(this.account)
  }

  loggedIn() { return this.isLoggedIn === undefined ? this.logonoff() : this.isLoggedIn }

  async messageSendText(conversation, text, mentions = []) {
    if (this.silent) return new Promise(() => {})
    if (this.refusals.length) throw new Error(this.refusals.shift())
    return this.say(conversation, TEXT, { text, mentions })
  }

  say(conversation, type, what) {
    const id = `out-${process.pid}-${++this.count}`
    tell({ sent: { id, to: conversation, ...what } })
    const room = this.mocker.cacheRoomPayload.has(conversation)
    const where = { room: room ? conversation : undefined, to: room ? undefined : conversation }
    hear({ id, from: this.account, text: what.text ?? '<msg></msg>', type, ...where })
    return id
  }

  // What puppet-mock itself does with a card is nothing at all, and it answers as if it had been done.
  async messageSendUrl(conversation, link) {
    if (this.plain) return super.messageSendUrl(conversation, link)
    return this.say(conversation, URL_LINK, { link })
  }

  async messageSendContact(conversation, contact) {
    if (this.plain) return super.messageSendContact(conversation, contact)
    return this.say(conversation, CARD, { contact })
  }

  async messageSendFile(conversation, file) {
    if (this.refusals.length) throw new Error(this.refusals.shift())
    const content = await file.toBuffer()
    const sum = createHash('sha256').update(content).digest('hex')
    return this.say(conversation, IMAGE, { file: file.name, bytes: content.length, sum })
  }

  async messagePayload(id) {
    const payload = await super.messagePayload(id)
    if (this.watched) tell({ served: id, at: micros() })
    return payload
  }

  async contactAlias(id, alias) {
    if (alias === undefined) return this.aliases.get(id) ?? ''
    this.aliases.set(id, alias)
  }

  async roomTopic(id, topic) {
    if (topic === undefined) return this.mocker.roomPayload(id).topic
    this.mocker.roomPayload(id).topic = topic
    await this.dirtyPayload(ROOM, id)
  }

  async roomAnnounce(id, text) {
    if (text === undefined) return this.notices.get(id) ?? ''
    this.notices.set(id, text)
  }

  async roomMemberList(id) { return this.mocker.roomPayload(id).memberIdList }

  async roomMemberRawPayload(room, id) {
    const { name = '' } = this.mocker.cacheContactPayload.get(id) ?? {}
    return { id, name, avatar: '', roomAlias: this.called.get(room)?.[id] ?? '' }
  }

  async roomDel(room, id) {
    const { memberIdList } = this.mocker.roomPayload(room)
    memberIdList.splice(memberIdList.indexOf(id), 1)
    this.emit('room-leave', { roomId: room, removeeIdList: [id], removerId: this.account, timestamp: Date.now() })
  }

  async friendshipRawPayload(id) { return { id, contactId: id, type: 1, timestamp: Date.now() } }
}

const puppet = new Gateway({ mocker: new mock.Mocker() })
const { mocker } = puppet

function hear({ id, from, text = '', room, to, at, type = TEXT, mentions = [] }) {
  const timestamp = at ?? Math.floor(Date.now() / 1000)
  mocker.cacheMessagePayload.set(id, {
    id, text, timestamp, type, roomId: room, mentionIdList: mentions,
    fromId: from, talkerId: from, toId: to, listenerId: to,
  })
  puppet.emit('message', { messageId: id })
}

const rest = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const DEEDS = {
  async login({ id }) {
    puppet.account = id
    if (!puppet.loggedIn()) await puppet.login(id)
  },
  async logout() {
    puppet.account = null
    await puppet.logout()
  },
  async contact({ id, name = '', friend = false, avatar = '', alias = '' }) {
    mocker.cacheContactPayload.set(id, { id, name, friend, alias, type: 1, gender: 0, avatar, phone: [] })
    await puppet.dirtyPayload(CONTACT, id)
  },
  // `called`: what members call themselves in the room, by id.
  async room({ id, topic, members, called = {} }) {
    puppet.called.set(id, called)
    mocker.cacheRoomPayload.set(id, { id, topic, memberIdList: members, adminIdList: [] })
    await puppet.dirtyPayload(ROOM, id)
  },
  vanish({ id }) { mocker.cacheRoomPayload.delete(id) },
  message: hear,
  emit({ event, payload }) { puppet.emit(event, payload) },
  refuse({ reason }) { puppet.refusals.push(reason) },
  plain({ on }) { puppet.plain = on },
  silence({ on }) { puppet.silent = on },
  watch({ id: on }) { puppet.watched = on },
  state({ room, contact }) {
    return { topic: mocker.cacheRoomPayload.get(room)?.topic, notice: puppet.notices.get(room),
      alias: puppet.aliases.get(contact) }
  },
  // `count` messages of `room`, `rate` a second (0: at once); the id ends in the microsecond of the emission.
  async talk({ count, rate = 0, room, people, texts, mark, shuffle = 0 }) {
    const began = performance.now()
    const waiting = []
    for (let n = 0; n < count; n++) {
      const due = rate ? (n * 1000) / rate : 0
      const ahead = due - (performance.now() - began)
      if (ahead > 1) await rest(ahead)
      const at = micros()
      waiting.push({ id: `${mark}-${n}-${at}`, from: people[n % people.length], room, text: texts[n % texts.length] })
      if (waiting.length > shuffle) {
        const [one] = waiting.splice(Math.floor(Math.random() * waiting.length), 1)
        hear(one)
      }
      if (!rate && n % 500 === 499) await rest(0)
    }
    waiting.forEach(hear)
    return (performance.now() - began) / 1000
  },
}

const server = new PuppetServer({ endpoint: `127.0.0.1:${port}`, puppet, token, tls: { disable: true } })
// A puppet-mock emits «error» for a broken listener; without an ear for it Node would end the process.
puppet.on('error', () => {})
await server.start()
tell({ ready: true })

for await (const text of createInterface({ input: process.stdin })) {
  const { n, do: deed, ...rest } = JSON.parse(text)
  Promise.resolve().then(() => DEEDS[deed](rest))
    .then((ok) => tell({ n, ok: ok ?? null }), (error) => tell({ n, error: String(error.message) }))
}
process.exit(0)
