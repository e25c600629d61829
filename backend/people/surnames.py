"""Surnames in pinyin, for people who are written to in English."""

_TABLE = """
王 Wang 李 Li 张 Zhang 刘 Liu 陈 Chen 杨 Yang 赵 Zhao 黄 Huang
周 Zhou 吴 Wu 徐 Xu 孙 Sun 胡 Hu 朱 Zhu 高 Gao 林 Lin
何 He 郭 Guo 马 Ma 罗 Luo 梁 Liang 宋 Song 郑 Zheng 谢 Xie
韩 Han 唐 Tang 冯 Feng 于 Yu 董 Dong 萧 Xiao 肖 Xiao 程 Cheng
曹 Cao 袁 Yuan 邓 Deng 许 Xu 傅 Fu 沈 Shen 曾 Zeng 彭 Peng
吕 Lü 苏 Su 卢 Lu 蒋 Jiang 蔡 Cai 贾 Jia 丁 Ding 魏 Wei
薛 Xue 叶 Ye 阎 Yan 余 Yu 潘 Pan 杜 Du 戴 Dai 夏 Xia
钟 Zhong 汪 Wang 田 Tian 任 Ren 姜 Jiang 范 Fan 方 Fang 石 Shi
姚 Yao 谭 Tan 廖 Liao 邹 Zou 熊 Xiong 金 Jin 陆 Lu 郝 Hao
孔 Kong 白 Bai 崔 Cui 康 Kang 毛 Mao 邱 Qiu 秦 Qin 江 Jiang
史 Shi 顾 Gu 侯 Hou 邵 Shao 孟 Meng 龙 Long 万 Wan 段 Duan
雷 Lei 钱 Qian 汤 Tang 尹 Yin 黎 Li 易 Yi 常 Chang 武 Wu
乔 Qiao 贺 He 赖 Lai 龚 Gong 文 Wen 过 Guo 浦 Pu 华 Hua
荣 Rong 安 An 殷 Yin 倪 Ni 严 Yan 牛 Niu 温 Wen 季 Ji
俞 Yu 章 Zhang 鲁 Lu 葛 Ge 韦 Wei 申 Shen 尤 You 毕 Bi
聂 Nie 焦 Jiao 向 Xiang 柳 Liu 邢 Xing 岳 Yue 齐 Qi 梅 Mei
庄 Zhuang 辛 Xin 管 Guan 祝 Zhu 左 Zuo 涂 Tu 谷 Gu 时 Shi
费 Fei 卞 Bian 路 Lu 欧 Ou 虞 Yu 包 Bao 惠 Hui 堵 Du
缪 Miao 承 Cheng 蒲 Pu 嵇 Ji 芮 Rui 杭 Hang 诸 Zhu 强 Qiang
谈 Tan 宗 Zong 糜 Mi 单 Shan 仇 Qiu 解 Xie 查 Zha 区 Ou
盛 Sheng 童 Tong 颜 Yan 詹 Zhan 洪 Hong 翟 Zhai 施 Shi 陶 Tao
吉 Ji 纪 Ji 项 Xiang 卫 Wei 滕 Teng 房 Fang 裴 Pei 席 Xi
储 Chu 翁 Weng 柯 Ke 阮 Ruan 欧阳 Ouyang 上官 Shangguan 司马 Sima 诸葛 Zhuge
皇甫 Huangfu 尉迟 Yuchi 公孙 Gongsun 慕容 Murong 令狐 Linghu 东方 Dongfang 司徒 Situ 夏侯 Xiahou
长孙 Zhangsun 宇文 Yuwen 端木 Duanmu 百里 Baili 南宫 Nangong 独孤 Dugu 闻人 Wenren 轩辕 Xuanyuan
"""
_WORDS = _TABLE.split()

PINYIN: dict[str, str] = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
"""The readings that are usual as surnames: 单 is Shan, 仇 is Qiu, 查 is Zha."""

COMPOUND = frozenset(surname for surname in PINYIN if len(surname) > 1)
"""Surnames of two characters."""
