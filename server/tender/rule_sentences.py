"""The sentences about what a tender may not be."""

from typing import Final

from server.tender.sentences import Sentence

RULE_SENTENCES: Final[dict[str, Sentence]] = {
    "time_zone_unknown": Sentence(
        "There is no time zone {zone}.",
        "Write a name such as Asia/Shanghai, or leave the key out.",
        "没有时区“{zone}”。",
        "请写 Asia/Shanghai 一类的名称，或删除此行。",
    ),
    "retention_too_short": Sentence(
        "The record would be kept for {years} years; at least {least} are required.",
        "Write {least} or more.",
        "档案保存 {years} 年，少于规定的 {least} 年。",
        "请写 {least} 或以上。",
    ),
    "main_venue_missing": Sentence(
        "No venue is the main one.",
        "Write `main: true` at one of them.",
        "没有指定主场。",
        "请在其中一个场地写 main: true。",
    ),
    "main_venue_repeated": Sentence(
        "{venue} is a second main venue after {first} in line {first_line}.",
        "Take `main: true` out at all venues but one.",
        "“{venue}”是第二个主场，第 {first_line} 行已指定“{first}”为主场。",
        "主场只能有一个，其余请删除 main: true。",
    ),
    "venue_unknown": Sentence(
        "There is no venue {venue}.",
        "Write one of venues: {expected}.",
        "没有场地“{venue}”。",
        "请写 venues 中的场地：{expected}",
    ),
    "chair_planned": Sentence(
        "A chair is elected, not planned.",
        "Write expert or representative; the committee elects its chair in the room.",
        "组长由评标委员会推选，不能预先指定。",
        "请写 expert（评标专家）或 representative（招标人代表），组长在评标室内推选。",
    ),
    "alias_repeated": Sentence(
        "The alias {alias} was given in line {first_line} already.",
        "Give every seat an alias of its own.",
        "席位代号“{alias}”重复，首次出现在第 {first_line} 行。",
        "请为每个席位使用不同的代号。",
    ),
    "person_repeated": Sentence(
        "{name} of the same organisation has a seat in line {first_line} already.",
        "Keep one seat for a person; where two people share a name, tell them apart in it, such as 张伟（甲）.",
        "同单位的“{name}”在第 {first_line} 行已有席位。",
        "一人一席；确为同名的两人，请在姓名后加以区分，例如“张伟（甲）”。",
    ),
    "operator_misplaced": Sentence(
        "A {role} cannot sit at {venue}.",
        "Seat the host_operator at the main venue and venue_operators at sub-venues.",
        "角色 {role} 与场地“{venue}”不符。",
        "主场管理员（host_operator）须在主场，副场管理员（venue_operator）须在副场。",
    ),
    "operator_missing": Sentence(
        "Nobody at the venue {venue} can confirm its seats.",
        "Add a seat with the role {role} there.",
        "场地“{venue}”没有管理员，无法确认席位。",
        "请为该场地增加角色为 {role} 的席位。",
    ),
    "committee_missing": Sentence(
        "There is no member of the committee.",
        "Add seats with the roles expert and representative.",
        "没有评标委员会成员。",
        "请增加角色为 expert（评标专家）或 representative（招标人代表）的席位。",
    ),
    "committee_too_small": Sentence(
        "The committee has {count} members; at least {least} are required.",
        "Add members; their number has to be odd.",
        "评标委员会有 {count} 人，至少需要 {least} 人。",
        "请增加成员，总数须为单数。",
    ),
    "committee_even": Sentence(
        "The committee has {count} members, an even number.",
        "Add or take out one.",
        "评标委员会有 {count} 人，不是单数。",
        "请增加或减少一人。",
    ),
    "experts_too_few": Sentence(
        "{experts} of {count} members are experts; at least {least} have to be (two thirds).",
        "Put experts in the place of representatives.",
        "{count} 名成员中专家有 {experts} 人，至少需要 {least} 人（三分之二）。",
        "请减少招标人代表，增加评标专家。",
    ),
    "member_of_bidder": Sentence(
        "A member works for a bidder, {organisation}.",
        "Put a member in that place who has no ground for recusal.",
        "成员单位“{organisation}”是投标人，应当回避。",
        "请更换无回避情形的成员。",
    ),
    "bids_too_few": Sentence(
        "The lot has {count} bids; at least {least} are required.",
        "Add the missing bids; with fewer submissions the lot may not be opened.",
        "本标段有 {count} 份投标文件，至少需要 {least} 份。",
        "请补充投标文件；不足 {least} 份的不得开标。",
    ),
    "bidder_repeated": Sentence(
        "{bidder} has a bid in line {first_line} already.",
        "Keep one bid of each bidder in a lot.",
        "投标人“{bidder}”在第 {first_line} 行已有投标文件。",
        "同一标段内每个投标人只能有一份投标文件。",
    ),
    "title_names_bidder": Sentence(
        "The title {title} names a bidder, though bidders stay sealed from the committee.",
        "Write a title that gives nobody away, such as 投标文件 A.",
        "标题“{title}”含有投标人名称，而投标人身份应当保密。",
        "请使用不透露身份的标题，例如“投标文件 A”。",
    ),
    "price_not_positive": Sentence(
        "The price {price} is not above zero.",
        "Write the price of the bid, such as 13656.00.",
        "报价 {price} 不大于零。",
        "请写投标报价，例如 13656.00。",
    ),
    "check_repeated": Sentence(
        "The check {id} was written in line {first_line} already.",
        "Give every check an id of its own.",
        "评审项“{id}”重复，首次出现在第 {first_line} 行。",
        "请为每个评审项使用不同的编号。",
    ),
    "law_of_other_regime": Sentence(
        "A scheme under {law} does not belong to the regime {regime}.",
        "Write law: {expected}.",
        "评标办法的 {law} 与项目适用的 {regime} 不符。",
        "law 应为：{expected}",
    ),
    "points_unknown": Sentence(
        "The scheme has no given criterion {criterion}.",
        "Take it out; points are given for: {known}.",
        "评标办法中没有客观给定项“{criterion}”。",
        "请删除；应给定分值的评分项：{known}",
    ),
    "points_missing": Sentence(
        "Bid {bid} has no points for the given criterion {criterion}.",
        "Write them under given.",
        "投标文件 {bid} 缺少评分项“{criterion}”的给定分值。",
        "请在 given 下填写。",
    ),
    "points_malformed": Sentence(
        "{points} for {criterion} are no points.",
        "Write a number of at most two decimals, such as 6.5.",
        "“{criterion}”的分值 {points} 不规范。",
        "请写最多两位小数的数字，例如 6.5。",
    ),
    "points_out_of_range": Sentence(
        "{points} for {criterion} are not between {min_points} and {max_points}.",
        "Write points from {min_points} to {max_points}.",
        "“{criterion}”的分值 {points} 不在 {min_points} 到 {max_points} 之间。",
        "请写 {min_points} 到 {max_points} 之间的分值。",
    ),
    "points_off_unit": Sentence(
        "{points} for {criterion} are no multiple of {unit}.",
        "Write a multiple of {unit}.",
        "“{criterion}”的分值 {points} 不是 {unit} 的整数倍。",
        "请写 {unit} 的整数倍。",
    ),
    "fact_unknown": Sentence(
        "No price adjustment of the scheme asks for {fact}.",
        "Take it out; the scheme asks for: {known}.",
        "评标办法的价格调整没有用到“{fact}”。",
        "请删除；需要填写的有：{known}",
    ),
    "fact_missing": Sentence(
        "Bid {bid} has no {fact}, which a price adjustment of the scheme asks for.",
        "Write the number under facts.",
        "投标文件 {bid} 缺少价格调整所需的“{fact}”。",
        "请在 facts 下填写该数值。",
    ),
    "evaluated_price_not_positive": Sentence(
        "With the adjustments the evaluated price of bid {bid} is {evaluated}.",
        "Look at price, facts and the scheme's adjustments: the evaluated price has to be above zero.",
        "投标文件 {bid} 调整后的评标价为 {evaluated}。",
        "请检查报价、facts 和评标办法的价格调整：评标价须大于零。",
    ),
}
