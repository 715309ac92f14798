import { Button, Input } from 'antd'
import { useState } from 'react'
import { addDays } from '../../engine/days.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { CommandForm, DateInput, Field } from '../kit/form.tsx'
import { LinkButton, useGo } from '../kit/link.tsx'
import { useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { regulation, type View } from './api.ts'

type Open = 'consult' | 'approve' | 'withdraw' | 'repeal' | 'discard' | null

/** What the caller may do with this version now, the next step first. */
export function Decide({ view }: { view: View }) {
  const [open, setOpen] = useState<Open>(null)
  const go = useGo()
  const { abilities } = view
  const close = () => setOpen(null)
  const end = useCommand(regulation.endConsultation, {
    invalidate: ['regulation', 'home'],
    success: '征求意见已结束',
  })
  const revise = useCommand(regulation.startRevision, {
    success: '修订稿已建好，原来的制度继续施行',
    onSuccess: ({ version }) => go(`${paths.regulation(view.id, version)}&view=edit`),
  })
  const withdraw = useCommand(regulation.withdrawApproval, {
    invalidate: ['regulation', 'home'],
    success: '批准已撤回',
  })
  const discard = useCommand(regulation.discardDraft, {
    invalidate: ['regulation', 'home'],
    success: '草稿已删除',
    onSuccess: () => go(paths.regulations(), { replace: true }),
  })
  const approves = useHasRole('principal', 'districtOfficer')
  const isOpen = ['draft', 'announced', 'consultation', 'answering'].includes(view.stage)
  const can = Object.values(abilities).some((reason) => reason === null)
  if (!can && !(isOpen && approves)) return null
  if (open === 'consult') return <ConsultForm view={view} done={close} />
  if (open === 'approve') return <ApproveForm view={view} done={close} />
  if (open === 'repeal') return <RepealForm view={view} done={close} />
  if (open === 'withdraw')
    return (
      <ReasonForm
        label="为什么撤回批准"
        placeholder="例如：第三条还要再议"
        submit="撤回批准"
        cancel="不撤回"
        running={withdraw.running}
        onSubmit={(reason) => void withdraw.run({ id: view.id, reason })}
        onCancel={close}
      />
    )
  return (
    <div className="regulation-steps no-print">
      {isOpen && approves && !view.organisation.isDistrict && (
        <DisabledBecause type="primary" reason={abilities.approve} onClick={() => setOpen('approve')}>
          批准施行
        </DisabledBecause>
      )}
      {isOpen && abilities.edit === null && (
        <LinkButton to={`${paths.regulation(view.id)}?version=${view.version}&view=edit`}>
          {view.stage === 'draft' ? '修改草稿' : '按意见修改'}
        </LinkButton>
      )}
      {isOpen && abilities.consult === null && (
        <Button type={view.stage === 'draft' ? 'primary' : 'default'} onClick={() => setOpen('consult')}>
          {view.stage === 'draft' ? '征求意见' : view.stage === 'answering' ? '再次征求意见' : '延长征求意见'}
        </Button>
      )}
      {abilities.endConsultation === null && (
        <Button loading={end.running} onClick={() => void end.run({ id: view.id })}>
          结束征求意见
        </Button>
      )}
      {isOpen && !approves && abilities.edit === null && (
        <p className="quiet">
          {view.stage === 'draft' ? '先征求意见，再由校长批准。' : '答复完意见后由校长批准。'}
        </p>
      )}
      {!isOpen && abilities.revise === null && (
        <Button loading={revise.running} onClick={() => void revise.run({ id: view.id })}>
          起草修订稿
        </Button>
      )}
      {abilities.withdrawApproval === null && <Button onClick={() => setOpen('withdraw')}>撤回批准…</Button>}
      {abilities.repeal === null && (
        <button type="button" className="tool-button" onClick={() => setOpen('repeal')}>
          废止…
        </button>
      )}
      {abilities.discard === null && (
        <button
          type="button"
          className="tool-button"
          disabled={discard.running}
          onClick={() => (open === 'discard' ? void discard.run({ id: view.id }) : setOpen('discard'))}
        >
          {open === 'discard' ? '确定删除这份草稿' : '删除草稿…'}
        </button>
      )}
    </div>
  )
}

interface ConsultValues {
  from: string
  to: string
}

function ConsultForm({ view, done }: { view: View; done: () => void }) {
  const { today } = useSession()
  const open = useCommand(regulation.openConsultation, {
    inline: true,
    invalidate: ['regulation', 'home'],
    success: '已向全体教师征求意见',
    onSuccess: done,
  })
  return (
    <CommandForm<Parameters<typeof regulation.openConsultation>[0], unknown, ConsultValues>
      command={open}
      initial={{
        from: view.stage === 'consultation' && view.consultFrom ? view.consultFrom : today,
        to: addDays(today, 7),
      }}
      toInput={(values) => ({ id: view.id, ...values })}
      submit="开始征求意见"
      extra={<Button onClick={done}>取消</Button>}
    >
      <Field name="from" label="从" required>
        <DateInput />
      </Field>
      <Field name="to" label="到" required hint="全体教师的首页会提示；到期自动结束。">
        <DateInput min={today} />
      </Field>
    </CommandForm>
  )
}

interface ApproveValues {
  inForceFrom: string
  documentNumber?: string
  remark?: string
}

function ApproveForm({ view, done }: { view: View; done: () => void }) {
  const { today } = useSession()
  const approve = useCommand(regulation.approveRegulation, {
    inline: true,
    invalidate: ['regulation', 'home', 'regime'],
    success: ({ documentNumber }) => `已批准，文号 ${documentNumber}`,
    onSuccess: done,
  })
  return (
    <CommandForm<Parameters<typeof regulation.approveRegulation>[0], unknown, ApproveValues>
      command={approve}
      initial={{ inForceFrom: today, documentNumber: view.documentNumber }}
      toInput={(values) => ({
        id: view.id,
        inForceFrom: values.inForceFrom,
        documentNumber: values.documentNumber ?? '',
        remark: values.remark ?? '',
      })}
      submit="批准施行"
      extra={<Button onClick={done}>取消</Button>}
    >
      {view.consultFrom === null && <p className="quiet">这份制度没有征求过教师意见，批准后会如实记录。</p>}
      <Field name="inForceFrom" label="从哪天起施行" required hint="上一版到前一天为止。">
        <DateInput />
      </Field>
      <Field name="documentNumber" label="文号" hint="不填则自动编号。">
        <Input maxLength={40} placeholder="例如：制〔2026〕3号" />
      </Field>
      <Field name="remark" label="批示">
        <Input maxLength={200} />
      </Field>
    </CommandForm>
  )
}

interface RepealValues {
  lastDay: string
  reason: string
}

function RepealForm({ view, done }: { view: View; done: () => void }) {
  const { today } = useSession()
  const repeal = useCommand(regulation.repealRegulation, {
    inline: true,
    success: (_output, input) => `${dayText(input.lastDay)}以后不再施行`,
    onSuccess: done,
  })
  return (
    <CommandForm<Parameters<typeof regulation.repealRegulation>[0], unknown, RepealValues>
      command={repeal}
      initial={{ lastDay: today }}
      toInput={(values) => ({ id: view.id, ...values })}
      submit="废止"
      extra={<Button onClick={done}>不废止</Button>}
    >
      <Field name="lastDay" label="施行到哪天" required>
        <DateInput />
      </Field>
      <Field name="reason" label="原因" required>
        <Input.TextArea rows={2} maxLength={500} placeholder="例如：并入新的考核方案" />
      </Field>
    </CommandForm>
  )
}
