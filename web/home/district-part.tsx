import type { DistrictPart } from '../../server/home/contract.ts'
import { Bar } from '../kit/figures.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { dayText, numberText } from '../kit/words.ts'
import { paths } from '../paths.ts'

/** Schools side by side; what waits to be filed; what changed lately. */
export function DistrictSection({ part }: { part: DistrictPart }) {
  return (
    <>
      <section className="home-block">
        <header className="home-head">
          <h2>各校</h2>
          <Link to={paths.boardDistrict()}>并列比较</Link>
        </header>
        {part.schools.length === 0 ? (
          <p className="sheet">学校加入本区以后，这里会并列出每所学校的进度。</p>
        ) : (
          <ul className="home-schools sheet">
            {part.schools.map((school) => (
              <li key={school.id}>
                <Link to={paths.school(school.id)} className="home-school">
                  <span className="home-school-name">
                    <span className="home-title">{school.name}</span>
                    <span className="quiet">
                      {school.regime === null ? '还没有采用制度' : `《${school.regime}》`}
                    </span>
                  </span>
                  {school.share !== null && (
                    <>
                      <span className="home-school-share">
                        <span className="home-line">
                          <span className="quiet">没有逾期的事项</span>
                          <span className="figure">{school.share}%</span>
                        </span>
                        <Bar
                          value={school.share}
                          target={100}
                          state={school.share < 80 ? 'overdue' : school.share < 95 ? 'dueSoon' : 'done'}
                        />
                      </span>
                      <span className="home-school-figure">
                        <b className="figure">{school.people}</b> 位教师
                      </span>
                      <span className="home-school-figure">
                        {school.behind === 0 ? (
                          '无人逾期'
                        ) : (
                          <span className="home-late">
                            <b className="figure">{school.behind}</b> 人逾期
                          </span>
                        )}
                      </span>
                      <span className="home-school-figure">
                        {school.hours === null ? (
                          ''
                        ) : (
                          <>
                            人均 <b className="figure">{numberText(school.hours)}</b> 学时
                          </>
                        )}
                      </span>
                      <span className="home-school-figure quiet">
                        {school.weakest === '' ? '' : `最弱：${school.weakest}`}
                      </span>
                    </>
                  )}
                  <Icon name="chevronRight" size={18} />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
      {part.handIns.length > 0 && (
        <section className="home-block">
          <header className="home-head">
            <h2>等待区里验收</h2>
            <span className="quiet">学校已提交，还没有验收或退回</span>
          </header>
          <div className="sheet">
            <ul className="home-events">
              {part.handIns.map((one) => (
                <li key={one.programmeId}>
                  <span className="home-when">{dayText(one.on)}</span>
                  <span className="home-text">
                    <Link to={paths.programme(one.programmeId)} className="home-title">
                      {one.programme}（{one.count} 份）
                    </Link>
                    {one.titles.map((title) => (
                      <span key={title}>{title}</span>
                    ))}
                    {one.count > one.titles.length && (
                      <span className="quiet">还有 {one.count - one.titles.length} 份</span>
                    )}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        </section>
      )}
      <div className="home-pair home-pair-even">
        <section className="home-block">
          <header className="home-head">
            <h2>等待区里备案</h2>
            <span className="quiet">学校已盖章，还没有区备案号</span>
          </header>
          <div className="sheet">
            {part.filings.length === 0 ? (
              <p className="home-none quiet">各校的计划、总结都已备案。</p>
            ) : (
              <ul className="home-events">
                {part.filings.map((filing) => (
                  <li key={filing.schoolId}>
                    <span className="home-when">{dayText(filing.stampedOn)}</span>
                    <span className="home-text">
                      <Link to={paths.school(filing.schoolId)} className="home-title">
                        {filing.school}
                      </Link>
                      {filing.titles.map((title) => (
                        <span key={title}>{title}</span>
                      ))}
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </div>
        </section>
        <section className="home-block">
          <header className="home-head">
            <h2>最近的变化</h2>
          </header>
          <div className="sheet">
            {part.recent.length === 0 ? (
              <p className="home-none quiet">两周内没有新的备案和全校活动。</p>
            ) : (
              <ul className="home-events">
                {part.recent.map((event) => (
                  <li key={event.key}>
                    <span className="home-when">{dayText(event.on)}</span>
                    <span className="home-text">
                      <Link to={paths.school(event.schoolId)} className="home-title">
                        {event.school}
                      </Link>
                      <span>{event.text}</span>
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </div>
        </section>
      </div>
    </>
  )
}
