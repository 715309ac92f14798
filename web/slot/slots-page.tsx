import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { DateInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { LinkButton, useFilters } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayWithWeekday, rangeText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { type Line, type List, slot, slotMark } from './api.ts'
import { ShiftForm } from './shift-form.tsx'
import { SlotForm } from './slot-form.tsx'
import './slot.css'

type Open = { what: 'form'; line: Line | null } | { what: 'shift' | 'return' | 'end'; line: Line } | null

/** Fixed study times: proposed by groups, filed by 教导处, moved in special cases. */
export function SlotsPage() {
  const [filters, setFilters] = useFilters({ ended: '' })
  const query = useApi(slot.listSlots, { ended: filters.ended === '1' }, { keep: true })
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const data = query.data
  const mayPropose = data?.abilities.propose === null
  const titles = {
    form: open?.line ? '修改固定时间' : '提出固定时间',
    shift: '顺延一次',
    return: '退回',
    end: '停用',
  }
  return (
    <Page
      title="固定研修时间"
      query={query}
      sentence={data && <Standing list={data} />}
      actions={
        data && (
          <>
            {data.slots.length > 0 && (
              <Button icon={<Icon name="download" size={18} />} href={fileAddress(slot.getSlotListFile, {})}>
                导出备案表
              </Button>
            )}
            {data.abilities.maintain === null && <LinkButton to={paths.timetable()}>导入课表</LinkButton>}
            {mayPropose && (
              <Button
                type="primary"
                icon={<Icon name="plus" size={18} />}
                onClick={() => setOpen({ what: 'form', line: null })}
              >
                提出固定时间
              </Button>
            )}
          </>
        )
      }
      isEmpty={(list) => list.slots.length === 0}
      empty={{
        title: '还没有固定的研修时间。',
        sentence: mayPropose
          ? '定好星期几、第几节，教导处备案以后，安排活动时会自动填上下一次。'
          : '组长提出、教导处备案以后，会出现在这里。',
        action: mayPropose && (
          <Button type="primary" onClick={() => setOpen({ what: 'form', line: null })}>
            提出固定时间
          </Button>
        ),
      }}
    >
      {(list) => (
        <>
          {list.forbiddenBy !== null && (
            <Notice>
              固定时间受制度保护：不能挪作他用，一般不予调换。
              <span className="clause">{list.forbiddenBy}</span>
            </Notice>
          )}
          {list.shared.length > 0 && (
            <Section title="同一时间要参加几个组的老师" plain>
              <Notice tone="soon">
                <ul>
                  {list.shared.map((sentence) => (
                    <li key={sentence}>{sentence}</li>
                  ))}
                </ul>
              </Notice>
            </Section>
          )}
          <ul className="cards slot-cards">
            {waitingFirst(list.slots).map((line) => (
              <SlotCard key={line.id} line={line} open={setOpen} />
            ))}
          </ul>
          <Shifts list={list} />
          <p>
            <Button
              type="link"
              className="link-button"
              onClick={() => setFilters({ ended: filters.ended === '1' ? undefined : '1' })}
            >
              {filters.ended === '1' ? '只看现行的' : '连同已停用的一起看'}
            </Button>
          </p>
          <Drawer title={open ? titles[open.what] : ''} open={open !== null} onClose={close} destroyOnHidden>
            {open?.what === 'form' && <SlotForm list={list} line={open.line} done={close} />}
            {open?.what === 'shift' && <ShiftForm line={open.line} done={close} />}
            {open?.what === 'return' && <ReturnForm line={open.line} done={close} />}
            {open?.what === 'end' && (
              <EndForm line={open.line} today={list.today} termTo={list.termTo} done={close} />
            )}
          </Drawer>
        </>
      )}
    </Page>
  )
}

/** What waits for the reader's decision stands before everything else. */
const waitingFirst = (lines: Line[]) =>
  lines.toSorted((a, b) => Number(b.abilities.approve === null) - Number(a.abilities.approve === null))

function Standing({ list }: { list: List }) {
  const count = (status: Line['status']) => list.slots.filter((line) => line.status === status).length
  const waiting = count('proposed')
  const clashing = list.slots.filter((line) => line.clashes.length > 0).length
  return (
    <>
      已备案 {count('filed')} 个{waiting > 0 && `，待审核 ${waiting} 个`}
      {clashing > 0 ? `；${clashing} 个有冲突，请看卡片上的说明` : ''}。
    </>
  )
}

function SlotCard({ line, open }: { line: Line; open: (what: Open) => void }) {
  const approve = useCommand(slot.approveSlot, { success: ({ number }) => `已备案，编号 ${number}` })
  return (
    <li className="card">
      <div className="card-head">
        <span className="card-title">{line.ownerName}</span>
        <StateMark {...slotMark(line.status)} />
      </div>
      <p className="slot-when">{line.when}</p>
      <p className="quiet">
        {[line.title, line.studyKindLabel, line.place, `${line.starts}–${line.ends}`]
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      <p className="quiet">
        {line.number ?? '尚无备案号'} · {line.to === null ? `${line.from} 起` : rangeText(line.from, line.to)}
        {line.proposedByName && ` · ${line.proposedByName} 提出`}
      </p>
      {line.status === 'returned' && line.note !== '' && <Notice tone="late">退回原因：{line.note}</Notice>}
      {line.clashes.length > 0 && (
        <Notice tone="soon">
          <ul>
            {line.clashes.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="slot-acts">
        {line.abilities.approve === null && (
          <>
            <Button
              type="primary"
              loading={approve.running}
              onClick={() => void approve.run({ id: line.id })}
            >
              同意并备案
            </Button>
            <Button onClick={() => open({ what: 'return', line })}>退回</Button>
          </>
        )}
        {(line.abilities.shift === null || (line.status === 'filed' && line.abilities.change === null)) && (
          <DisabledBecause reason={line.abilities.shift} onClick={() => open({ what: 'shift', line })}>
            顺延一次
          </DisabledBecause>
        )}
        {line.abilities.change === null && <Button onClick={() => open({ what: 'form', line })}>修改</Button>}
        {line.abilities.withdraw === null && (
          <Button type="text" onClick={() => open({ what: 'end', line })}>
            停用
          </Button>
        )}
      </div>
    </li>
  )
}

function Shifts({ list }: { list: List }) {
  if (list.shifts.length === 0) return null
  return (
    <Section title="顺延的场次" sentence="改期的一次仍计入原定的一周。">
      <ul className="slot-shifts">
        {list.shifts
          .toSorted((a, b) => Number(b.status === 'asked') - Number(a.status === 'asked'))
          .map((shift) => (
            <ShiftRow key={shift.id} shift={shift} />
          ))}
      </ul>
    </Section>
  )
}

function ShiftRow({ shift }: { shift: List['shifts'][number] }) {
  const decide = useCommand(slot.decideShift, {
    invalidate: ['slot', 'agenda', 'activity'],
    success: '已处理，组员在日程里能看到',
  })
  const [note, setNote] = useState<string | null>(null)
  const mark =
    shift.status === 'asked'
      ? ({ state: 'dueSoon', word: '待教导处同意' } as const)
      : shift.status === 'granted'
        ? ({ state: 'done', word: '已顺延' } as const)
        : ({ state: 'excused', word: '未同意' } as const)
  return (
    <li>
      <div className="slot-shift-about">
        <b>
          {shift.ownerName}：{dayWithWeekday(shift.originalOn)} → {dayWithWeekday(shift.newOn)}
        </b>
        <p className="quiet">
          {shift.weekLabel && `计入${shift.weekLabel} · `}
          {shift.reason}
          {shift.askedByName && ` · ${shift.askedByName}`}
          {shift.decisionNote !== '' && ` · ${shift.decisionNote}`}
        </p>
      </div>
      {shift.abilities.decide !== null ? (
        <StateMark {...mark} />
      ) : note === null ? (
        <div className="slot-acts">
          <Button
            type="primary"
            loading={decide.running}
            onClick={() => void decide.run({ id: shift.id, grant: true })}
          >
            同意
          </Button>
          <Button onClick={() => setNote('')}>不同意</Button>
        </div>
      ) : (
        <div className="slot-acts">
          <Input
            aria-label="不同意的原因"
            placeholder="写明原因"
            value={note}
            maxLength={200}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button
            loading={decide.running}
            onClick={() => void decide.run({ id: shift.id, grant: false, note })}
          >
            不同意并说明
          </Button>
        </div>
      )}
    </li>
  )
}

function ReturnForm({ line, done }: { line: Line; done: () => void }) {
  const command = useCommand(slot.returnSlot, { success: '已退回，组长能看到原因', onSuccess: done })
  const [reason, setReason] = useState('')
  return (
    <div className="slot-form">
      <p>
        {line.ownerName} · {line.when}
      </p>
      <label className="field-label" htmlFor="return-reason">
        退回的原因
      </label>
      <Input.TextArea
        id="return-reason"
        value={reason}
        maxLength={200}
        autoFocus
        autoSize={{ minRows: 2 }}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button
        type="primary"
        loading={command.running}
        onClick={() => void command.run({ id: line.id, reason })}
      >
        退回并说明
      </Button>
    </div>
  )
}

function EndForm({
  line,
  today,
  termTo,
  done,
}: {
  line: Line
  today: string
  termTo: string | null
  done: () => void
}) {
  const command = useCommand(slot.withdrawSlot, { success: '已停用', onSuccess: done })
  const [day, setDay] = useState(line.status === 'filed' ? (termTo ?? today) : today)
  if (line.status !== 'filed')
    return (
      <div className="slot-form">
        <p>还没有备案，停用后不再出现在待审核里。</p>
        <Button
          type="primary"
          loading={command.running}
          onClick={() => void command.run({ id: line.id, lastDay: today })}
        >
          停用
        </Button>
      </div>
    )
  return (
    <div className="slot-form">
      <p>最后一天以后不再有这个固定时间，以前的场次和活动都留着。</p>
      <span className="field-label">最后一天</span>
      <DateInput value={day} onChange={setDay} aria-label="最后一天" />
      <Button
        type="primary"
        loading={command.running}
        onClick={() => void command.run({ id: line.id, lastDay: day })}
      >
        到这天停用
      </Button>
    </div>
  )
}
