import { Button, Checkbox, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { Icon } from '../kit/icons.tsx'
import { useCommand } from '../kit/queries.ts'
import { talk } from './api.ts'

type Settings = Awaited<ReturnType<typeof talk.listTalks>>['settings']

/** The limit of minutes, the line for likeness, and the parts of a paper; what the regime names stays. */
export function TalkSettings({ settings, done }: { settings: Settings; done: () => void }) {
  const [limitMinutes, setLimitMinutes] = useState<number | null>(settings.limitMinutes)
  const [similarPercent, setSimilarPercent] = useState<number | null>(settings.similarPercent)
  const [sections, setSections] = useState(settings.sections)
  const save = useCommand(talk.saveTalkSettings, { inline: true, success: '已保存', onSuccess: done })
  const change = (index: number, part: Partial<(typeof sections)[number]>) =>
    setSections((now) => now.map((one, place) => (place === index ? { ...one, ...part } : one)))
  return (
    <form
      className="talk-settings"
      onSubmit={(event) => {
        event.preventDefault()
        void save.run({
          limitMinutes: limitMinutes ?? settings.limitMinutes,
          similarPercent: similarPercent ?? settings.similarPercent,
          sections: sections.map(({ key, label, hint, required }) => ({ key, label, hint, required })),
        })
      }}
    >
      <label className="field">
        <span className="field-label">说课限时</span>
        <InputNumber
          min={1}
          max={60}
          precision={0}
          suffix="分钟"
          value={limitMinutes}
          onChange={setLimitMinutes}
        />
      </label>
      <label className="field">
        <span className="field-label">与别人的文字相同多少时提醒</span>
        <InputNumber
          min={5}
          max={100}
          precision={0}
          suffix="%"
          value={similarPercent}
          onChange={setSimilarPercent}
        />
      </label>
      <fieldset className="field">
        <legend className="field-label">说课稿要写哪些部分</legend>
        <ol className="talk-sections">
          {sections.map((section, index) => (
            <li key={section.key === '' ? `new${index}` : section.key}>
              {section.clause !== '' ? (
                <p>
                  <b>{section.label}</b>
                  {section.required ? '（必写）' : ''} <span className="clause">{section.clause}</span>
                </p>
              ) : (
                <>
                  <Input
                    aria-label="名称"
                    placeholder="例如：作业设计"
                    maxLength={20}
                    value={section.label}
                    onChange={(event) => change(index, { label: event.target.value })}
                  />
                  <Input
                    aria-label={`${section.label}的说明`}
                    placeholder="写什么（选填）"
                    maxLength={100}
                    value={section.hint}
                    onChange={(event) => change(index, { hint: event.target.value })}
                  />
                  <Checkbox
                    checked={section.required}
                    onChange={(event) => change(index, { required: event.target.checked })}
                  >
                    必写
                  </Checkbox>
                  <button
                    type="button"
                    className="icon-button"
                    aria-label={`去掉${section.label}`}
                    onClick={() => setSections((now) => now.filter((_, place) => place !== index))}
                  >
                    <Icon name="close" size={18} />
                  </button>
                </>
              )}
            </li>
          ))}
        </ol>
        <button
          type="button"
          className="tool-button"
          onClick={() =>
            setSections((now) => [...now, { key: '', label: '', hint: '', required: true, clause: '' }])
          }
        >
          <Icon name="plus" size={18} />
          加一个部分
        </button>
      </fieldset>
      {save.error && (
        <p className="form-error" role="alert">
          {save.error.message}
        </p>
      )}
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={save.running}>
          保存
        </Button>
      </div>
    </form>
  )
}
