import type { Chance } from './chance.ts'

// Surnames in about the frequency in which one meets them, a few of them with readings that machines get wrong.
const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单解仇'
const womenNames = [
  '秀兰',
  '玉梅',
  '雅琴',
  '晓燕',
  '静怡',
  '思雨',
  '文静',
  '海燕',
  '丽娟',
  '春梅',
  '慧敏',
  '雪梅',
  '晓红',
  '佳慧',
  '婷婷',
  '倩',
  '敏',
  '颖',
  '莉',
  '雪',
  '洁',
  '丹',
  '欣怡',
  '梦瑶',
  '雨桐',
  '亚男',
  '红霞',
  '桂芳',
  '素珍',
  '美玲',
  '艳',
  '琳',
  '晨曦',
  '若兰',
  '书瑶',
  '巧云',
  '淑华',
  '芳',
  '小满',
  '春雨',
]
const menNames = [
  '建国',
  '志强',
  '伟',
  '磊',
  '军',
  '明远',
  '海涛',
  '立新',
  '永红',
  '国华',
  '文斌',
  '晓东',
  '鹏',
  '浩然',
  '子轩',
  '俊杰',
  '宏伟',
  '建华',
  '振宇',
  '学文',
  '一鸣',
  '思远',
  '东升',
  '家栋',
  '传志',
  '景山',
  '卫东',
  '庆余',
  '小川',
  '长林',
]

/** Full names that occur once in the whole demo, with the gender that goes with them. */
export function createNames(chance: Chance): () => { name: string; gender: '女' | '男' } {
  const used = new Set<string>()
  return () => {
    for (;;) {
      const isWoman = chance.happens(0.72)
      // Common surnames stand first and are drawn more often.
      const position = Math.floor(chance.next() ** 2 * surnames.length)
      const name = `${surnames[position]}${chance.pick(isWoman ? womenNames : menNames)}`
      if (used.has(name)) continue
      used.add(name)
      return { name, gender: isWoman ? '女' : '男' }
    }
  }
}
