//! The positions, and what is assessed for them.

/// A position at the bank.
#[derive(Debug, PartialEq)]
pub struct PositionTemplate {
    /// The vendor's id of its interview flow.
    pub flow: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The film of its interviews.
    pub film: &'static str,
    /// What is assessed.
    pub skills: &'static [SkillTemplate],
    /// Keywords that its résumés may match.
    pub keywords: &'static [&'static str],
}

/// Something that is assessed.
#[derive(Debug, PartialEq)]
pub struct SkillTemplate {
    /// Its name.
    pub name: &'static str,
    /// What one can be weak in.
    pub weak_points: &'static [&'static str],
    /// What can be answered wrongly: question, answer, explanation.
    pub mistakes: &'static [(&'static str, &'static str, &'static str)],
}

const TALKING: SkillTemplate = SkillTemplate {
    name: "客户沟通模拟测评",
    weak_points: &["倾听不足", "异议处理", "情绪安抚", "需求挖掘"],
    mistakes: &[
        ("客户质疑收费时先做什么", "直接出示收费标准", "应先倾听并表示理解，再解释收费依据"),
        ("客户情绪激动时如何回应", "请客户冷静下来再谈", "先安抚情绪、致歉，再处理问题"),
        ("如何了解客户的理财需求", "先推荐收益最高的产品", "先用开放式问题了解资金用途和风险承受能力"),
    ],
};
const EXCEL: SkillTemplate = SkillTemplate {
    name: "Excel函数应用能力",
    weak_points: &["VLOOKUP近似匹配", "数据透视表", "数组公式", "条件格式"],
    mistakes: &[
        ("VLOOKUP 精确匹配的第四个参数是什么", "TRUE", "精确匹配应填 FALSE 或 0"),
        ("统计满足多个条件的行数用哪个函数", "COUNTIF", "多个条件应使用 COUNTIFS"),
        ("SUMIF 的条件区域写在第几个参数", "第二个", "SUMIF 的第一个参数是条件区域"),
    ],
};
const PYTHON: SkillTemplate = SkillTemplate {
    name: "Python",
    weak_points: &["装饰器", "并发与协程", "异常处理", "内存管理"],
    mistakes: &[
        ("列表和元组有什么区别", "没有区别", "列表可变，元组不可变，元组可作字典的键"),
        ("默认参数写成空列表会怎样", "每次调用都是新的列表", "默认值只在定义时求值一次，会被多次调用共享"),
        ("全局解释器锁影响哪类程序", "影响输入输出密集的程序", "主要限制计算密集的多线程程序"),
    ],
};
const SQL: SkillTemplate = SkillTemplate {
    name: "SQL",
    weak_points: &["窗口函数", "索引设计", "子查询改写", "事务隔离级别"],
    mistakes: &[
        ("WHERE 与 HAVING 有什么区别", "可以互换", "WHERE 在分组前筛选行，HAVING 在分组后筛选组"),
        ("左连接时条件写在 ON 和 WHERE 有何不同", "结果相同", "写在 WHERE 会滤掉右表为空的行"),
    ],
};

/// The six positions, in their order.
pub const POSITIONS: [PositionTemplate; 6] = [
    PositionTemplate {
        flow: "a1c0f001",
        name: "客户经理",
        film: "account-manager.mp4",
        skills: &[
            TALKING,
            SkillTemplate {
                name: "理财产品知识",
                weak_points: &["净值型产品", "风险等级划分", "基金定投", "保险条款"],
                mistakes: &[
                    ("R3 级产品适合哪类客户", "保守型客户", "R3 为中风险，适合平衡型及以上客户"),
                    ("净值型产品的收益是否固定", "固定", "收益随净值波动，不保本也不保息"),
                ],
            },
            EXCEL,
        ],
        keywords: &["银行从业经验", "CFA证书", "AFP证书", "客户服务", "理财销售", "基金从业资格"],
    },
    PositionTemplate {
        flow: "a1c0f002",
        name: "软件开发工程师",
        film: "data-analyst.mp4",
        skills: &[
            PYTHON,
            SkillTemplate {
                name: "Java",
                weak_points: &["垃圾回收调优", "线程池参数", "类加载机制", "泛型擦除"],
                mistakes: &[
                    ("HashMap 是线程安全的吗", "是", "并发场景应使用 ConcurrentHashMap"),
                    ("equals 与 == 有何区别", "没有区别", "== 比较引用，equals 比较内容"),
                ],
            },
            SQL,
        ],
        keywords: &["分布式系统", "微服务", "Kubernetes", "软考中级", "核心银行系统", "开源贡献"],
    },
    PositionTemplate {
        flow: "a1c0f003",
        name: "风险控制",
        film: "risk-control.mp4",
        skills: &[
            SkillTemplate {
                name: "风险管理知识",
                weak_points: &["压力测试", "违约概率模型", "巴塞尔协议", "反洗钱规定"],
                mistakes: &[
                    ("资本充足率的最低要求是多少", "百分之五", "总资本充足率不得低于百分之八"),
                    ("可疑交易应在多久内报告", "一个月内", "应在确认后及时报送，最迟不超过规定的工作日"),
                ],
            },
            SkillTemplate {
                name: "财务报表分析",
                weak_points: &["现金流量表", "合并报表", "或有负债", "杜邦分析"],
                mistakes: &[
                    ("流动比率越高越好吗", "越高越好", "过高说明资金闲置，应结合行业判断"),
                    ("经营现金流为负说明什么", "企业一定亏损", "也可能是扩张期占用资金，应结合利润分析"),
                ],
            },
            EXCEL,
        ],
        keywords: &["FRM证书", "信贷审批经验", "CPA证书", "风险建模", "反洗钱", "银行从业经验"],
    },
    PositionTemplate {
        flow: "a1c0f004",
        name: "市场营销",
        film: "account-manager.mp4",
        skills: &[
            SkillTemplate {
                name: "营销方案设计",
                weak_points: &["预算拆分", "渠道选择", "效果评估", "客群细分"],
                mistakes: &[
                    ("如何衡量一次活动的效果", "看参加人数", "应看转化率、获客成本和留存"),
                    ("新产品推广先做哪一步", "先投放广告", "先明确目标客群和卖点，再选渠道"),
                ],
            },
            TALKING,
            EXCEL,
        ],
        keywords: &["新媒体运营", "活动策划", "信用卡推广", "品牌管理", "社群运营", "市场调研"],
    },
    PositionTemplate {
        flow: "a1c0f005",
        name: "柜员",
        film: "teller.mp4",
        skills: &[
            SkillTemplate {
                name: "点钞与反假币",
                weak_points: &["多指多张点钞", "外币识别", "残币兑换标准", "凭证核对"],
                mistakes: &[
                    ("残缺四分之一的钞票如何兑换", "兑换一半", "能辨别面额且剩余四分之三以上，按全额兑换"),
                    ("发现假币应如何处理", "退还客户", "应当面收缴并开具凭证，告知其权利"),
                ],
            },
            SkillTemplate {
                name: "服务礼仪",
                weak_points: &["站姿与手势", "方言沟通", "排队疏导", "老年客户服务"],
                mistakes: &[
                    ("客户到柜台时第一句话是什么", "办什么业务", "应起立问候，再询问需要办理的业务"),
                    ("无法当场办理时怎么说", "今天办不了", "说明原因并给出时间和替代办法"),
                ],
            },
            TALKING,
        ],
        keywords: &["银行从业资格", "会计从业经验", "反假货币证书", "志愿服务", "珠算等级", "普通话二级甲等"],
    },
    PositionTemplate {
        flow: "a1c0f006",
        name: "数据分析师",
        film: "data-analyst.mp4",
        skills: &[
            PYTHON,
            SQL,
            SkillTemplate {
                name: "统计学",
                weak_points: &["假设检验", "抽样方法", "相关与因果", "置信区间"],
                mistakes: &[
                    (
                        "p 值小于 0.05 说明什么",
                        "原假设有百分之五的概率为真",
                        "说明在原假设下得到该结果的概率小于百分之五",
                    ),
                    ("样本均值的标准误与样本量的关系", "成反比", "与样本量的平方根成反比"),
                ],
            },
            EXCEL,
        ],
        keywords: &["机器学习", "数据仓库", "Tableau", "客户画像", "CDA证书", "统计学背景"],
    },
];
