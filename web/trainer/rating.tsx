import './trainer.css'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { trainer } from './api.ts'
import { StarsInput, StarsText } from './stars.tsx'

/** One tap for the stars, saved at once; a sentence may follow. */
export function RatingForm({
  id,
  giverName,
  stars: before = null,
  sentence: written = '',
}: {
  id: string
  giverName: string
  stars?: number | null
  sentence?: string
}) {
  const [stars, setStars] = useState(before)
  const [sentence, setSentence] = useState(written)
  // The list of what waits stays as it is while one is being rated.
  const save = useCommand(trainer.rate, {
    success: '已记下，谢谢',
    invalidate: [trainer.getActivityRating, 'home'],
  })
  const send = async (next: number) => {
    setStars(next)
    if ((await save.run({ contributionId: id, stars: next, sentence })) === undefined) setStars(before)
  }
  return (
    <>
      <StarsInput
        value={stars}
        onChange={(next) => void send(next)}
        disabled={save.running}
        label={`给${giverName}打星`}
      />
      {stars !== null && (
        <div className="rating-sentence">
          <Input.TextArea
            aria-label="想说的一句话"
            placeholder="想说的一句话（选填）：最有用的一点，或希望再讲什么"
            autoSize={{ minRows: 1 }}
            maxLength={200}
            value={sentence}
            onChange={(event) => setSentence(event.target.value)}
          />
          {sentence.trim() !== written.trim() && (
            <Button loading={save.running} onClick={() => void send(stars)}>
              存下这句话
            </Button>
          )}
        </div>
      )}
    </>
  )
}

/** On the page of an activity: what those who came think of its trainer. Nothing where nobody of the pool taught. */
export function ActivityRating({ activityId }: { activityId: string }) {
  const { data } = useApi(trainer.getActivityRating, { activityId })
  // Nothing to answer arrives as an empty object.
  if (!data?.id) return null
  return (
    <Section
      title="评一评"
      sentence={`${data.giverName}主讲。`}
      aside={<StarsText stars={data.stars} ratings={data.ratings} />}
    >
      {data.ability === null ? (
        <RatingForm id={data.id} giverName={data.giverName} stars={data.myStars} sentence={data.mySentence} />
      ) : (
        <p className="quiet">{data.ability}</p>
      )}
    </Section>
  )
}
