//! People by lot.

use rand::{Rng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

/// A made-up person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The vendor's id of the person.
    pub id: String,
    /// 姓
    pub last_name: String,
    /// 名
    pub first_name: String,
    /// A number of eleven digits that begins like no assigned one.
    pub phone: String,
    /// An address under example.cn.
    pub email: String,
    /// A number in the form of an identity card's, of a region that is not, and with a wrong check digit.
    pub id_number: String,
}

impl Person {
    /// 姓名
    pub fn full_name(&self) -> String {
        format!("{}{}", self.last_name, self.first_name)
    }
}

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任\
    沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤单仇解查区乐";
const COMPOUND: [&str; 4] = ["欧阳", "司马", "上官", "诸葛"];
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玉兰建国志海燕晓红梅鹏飞宇浩然子轩雨涵思怡\
    佳琪梓萱一诺欣妍博俊熙天佑嘉懿煜城皓语彤若曦雅婷诗琳梦洁雪莹春晖秋实冬青夏荷云帆远航立新振东卫民乐行长思源景行怀瑾握瑜";

/// A person; the name is given or drawn.
pub(super) fn draw(rng: &mut ChaCha8Rng, index: usize, name: Option<(&str, &str)>) -> Person {
    let (last, first) = (surname(rng), given_name(rng));
    let (last_name, first_name) =
        name.map_or((last, first), |(last, first)| (last.to_owned(), first.to_owned()));
    let year = rng.random_range(1985..2001);
    let (month, day) = (rng.random_range(1..13), rng.random_range(1..29));
    Person {
        id: format!("person-{index:07}"),
        last_name,
        first_name,
        phone: format!("100{index:08}"),
        email: format!(
            "candidate{index}@{}.example.cn",
            ["mail", "post", "work"].choose(rng).unwrap_or(&"mail")
        ),
        id_number: format!("99{:04}{year}{month:02}{day:02}{:03}#", index / 1000 % 10_000, index % 1000),
    }
}

fn surname(rng: &mut ChaCha8Rng) -> String {
    if rng.random_ratio(1, 60) {
        return (*COMPOUND.choose(rng).unwrap_or(&"欧阳")).to_owned();
    }
    character(rng, SURNAMES).to_string()
}

fn given_name(rng: &mut ChaCha8Rng) -> String {
    let length = if rng.random_ratio(1, 5) { 1 } else { 2 };
    (0..length).map(|_| character(rng, GIVEN)).collect()
}

fn character(rng: &mut ChaCha8Rng, of: &str) -> char {
    let count = of.chars().count();
    of.chars().nth(rng.random_range(0..count)).unwrap_or('王')
}
