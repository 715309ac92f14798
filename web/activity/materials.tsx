import { Button, Input } from 'antd'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { FileUpload } from '../kit/file-upload.tsx'
import { DateInput } from '../kit/form.tsx'
import { Section } from '../kit/page.tsx'
import { invalidate, useCommand } from '../kit/queries.ts'
import { bytesText, dayText } from '../kit/words.ts'
import { files, participation, type ActivityDetail, type Participation } from './api.ts'

const stale = ['participation'] as const

/** Materials handed out ahead: released on a day, confirmed by everybody, some to choose from. */
export function Materials({ detail, data }: { detail: ActivityDetail; data: Participation }) {
  const [adding, setAdding] = useState(false)
  const mayAdd = data.abilities.change === null && detail.status !== 'closed'
  const remove = useCommand(participation.removeMaterial, { success: '已收回材料。', invalidate: stale })
  if (data.materials.length === 0 && !mayAdd) return null
  return (
    <Section
      title="学习材料"
      sentence={
        data.leadDays === null
          ? '材料可以提前发给大家，每人确认收到。'
          : `材料要提前 ${data.leadDays} 天发给大家，每人确认收到。`
      }
      aside={
        mayAdd && (
          <Button size="small" onClick={() => setAdding(!adding)}>
            {adding ? '收起' : '发材料'}
          </Button>
        )
      }
    >
      {adding && <AddMaterial detail={detail} data={data} done={() => setAdding(false)} />}
      {data.materials.length === 0 && !adding && <p className="quiet">还没有发材料。</p>}
      <ul className="material-list">
        {data.materials.map((material) => (
          <li key={material.id}>
            <b>
              {material.address === '' ? (
                material.title
              ) : (
                <a href={material.address} target="_blank" rel="noreferrer">
                  {material.title}
                </a>
              )}
            </b>
            {material.byChoice && <span className="optional">选学</span>}
            <p className="quiet">
              {dayText(material.releasedOn)}发放，提前 {material.leadDays} 天 · 已收到 {material.received} 人
              {material.chosenBy.length > 0 && ` · 选学：${material.chosenBy.join('、')}`}
            </p>
            {material.late && <p className="series-problem">{material.late}</p>}
            {material.note !== '' && <p className="pre-line">{material.note}</p>}
            {material.files.map((file) => (
              <p key={file.id}>
                <a href={fileAddress(files.getAttachment, { id: file.id })} target="_blank" rel="noreferrer">
                  {file.name}
                </a>{' '}
                <span className="quiet">{bytesText(file.sizeBytes)}</span>
              </p>
            ))}
            {mayAdd && (
              <>
                <FileUpload
                  call={files.uploadAttachment}
                  input={{ room: 'material', id: material.id }}
                  label="附上文件"
                  multiple
                  onUploaded={() => invalidate(stale)}
                />
                <Button size="small" type="text" onClick={() => void remove.run({ materialId: material.id })}>
                  收回这份材料
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {data.notReceived !== null && (
        <p className="quiet">
          {data.notReceived.length === 0 ? '全员已确认收到。' : `还没有确认：${data.notReceived.join('、')}`}
        </p>
      )}
      <Receive detail={detail} data={data} />
    </Section>
  )
}

function Receive({ detail, data }: { detail: ActivityDetail; data: Participation }) {
  const open = data.materials.filter((material) => material.mine === null)
  const toChoose = data.materials.filter((material) => material.byChoice)
  const [chosen, setChosen] = useState<string[]>(
    toChoose.filter((material) => material.mine?.chosen).map((material) => material.id),
  )
  const receive = useCommand(participation.receiveMaterials, { success: '已确认收到。', invalidate: stale })
  if (data.materials.length === 0 || !detail.isMine || data.abilities.receive !== null) return null
  if (open.length === 0) return <p>您已确认收到{toChoose.length > 0 && '并选好'}。</p>
  return (
    <div className="form-actions">
      {toChoose.map((material) => (
        <label key={material.id}>
          <input
            type="checkbox"
            checked={chosen.includes(material.id)}
            onChange={(event) =>
              setChosen(
                event.target.checked ? [...chosen, material.id] : chosen.filter((id) => id !== material.id),
              )
            }
          />{' '}
          选学《{material.title}》
        </label>
      ))}
      <DisabledBecause
        type="primary"
        loading={receive.running}
        reason={toChoose.length > 0 && chosen.length === 0 ? '请至少选一份要学习的材料。' : null}
        onClick={() => void receive.run({ activityId: detail.id, chosenIds: chosen })}
      >
        确认收到
      </DisabledBecause>
    </div>
  )
}

function AddMaterial({
  detail,
  data,
  done,
}: {
  detail: ActivityDetail
  data: Participation
  done: () => void
}) {
  const { today } = useSession()
  const [values, setValues] = useState({
    title: data.usual[0] ?? '',
    address: '',
    note: '',
    releasedOn: today,
    byChoice: false,
  })
  const add = useCommand(participation.addMaterial, {
    success: '材料已发，可以再附上文件。',
    invalidate: stale,
    onSuccess: done,
  })
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        void add.run({ activityId: detail.id, ...values })
      }}
    >
      <label>
        题目
        <Input
          value={values.title}
          maxLength={120}
          list={`usual-${detail.id}`}
          onChange={(event) => setValues({ ...values, title: event.target.value })}
        />
        <datalist id={`usual-${detail.id}`}>
          {data.usual.map((title) => (
            <option key={title} value={title} />
          ))}
        </datalist>
      </label>
      <label>
        网址（选填）
        <Input
          value={values.address}
          placeholder="https://"
          maxLength={500}
          onChange={(event) => setValues({ ...values, address: event.target.value })}
        />
      </label>
      <label>
        发放日期
        <DateInput
          value={values.releasedOn}
          onChange={(releasedOn) => setValues({ ...values, releasedOn })}
        />
      </label>
      <label>
        <input
          type="checkbox"
          checked={values.byChoice}
          onChange={(event) => setValues({ ...values, byChoice: event.target.checked })}
        />{' '}
        供选学
      </label>
      <Button type="primary" htmlType="submit" loading={add.running}>
        发放
      </Button>
    </form>
  )
}
