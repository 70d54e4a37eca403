// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/pictures/sample_pages.h"

namespace guichet::kiosk::test {

namespace {

/// Picks the words of one language.
class Words {
public:
    explicit Words(const QString& language)
        : m_chinese(language.startsWith(QStringLiteral("zh")))
    {
    }
    [[nodiscard]] QString operator()(const char* chinese, const char* english) const
    {
        return QString::fromUtf8(m_chinese ? chinese : english);
    }

private:
    bool m_chinese;
};

Choice choice(const char* event, const char* value, const QString& title, const QString& note = {},
              const char* icon = "", bool emphasis = false)
{
    Choice made;
    made.event = QString::fromLatin1(event);
    made.value = QString::fromLatin1(value);
    made.title = title;
    made.note = note;
    made.icon = QString::fromLatin1(icon);
    made.emphasis = emphasis;
    return made;
}

Page page(const char* id, PageKind kind, const QString& title, const QString& subtitle = {})
{
    Page made;
    made.id = QString::fromLatin1(id);
    made.kind = kind;
    made.title = title;
    made.subtitle = subtitle;
    return made;
}

Page attract(const Words& w)
{
    Page made = page("attract", PageKind::Attract,
                     w("您好，今天办什么？", "Hello, what can we do for you?"));
    made.secondTitle = w("Hello, what can we do for you?", "您好，今天办什么？");
    made.live = w("现在等候 7 人", "7 people waiting");
    made.liveAge = w("10:42 更新", "as of 10:42");
    made.primary = choice("start", "", w("触摸屏幕开始", "Touch to start"));
    made.choices = {choice("language", "zh-CN", QStringLiteral("中文")),
                    choice("language", "en", QStringLiteral("English"))};
    return made;
}

Page services(const Words& w)
{
    Page made = page("service", PageKind::Choose,
                     w("您今天办哪项业务？", "What would you like to do today?"));
    made.live = w("现在等候 7 人", "7 people waiting");
    made.liveAge = w("10:42 更新", "as of 10:42");
    made.choices = {
        choice("service", "cash", w("现金存取", "Cash in or out"),
               w("约 10–20 分钟，前面 4 人", "about 10–20 minutes, 4 ahead"), "cash", true),
        choice("service", "account", w("开户与卡片", "Accounts and cards"),
               w("现在就能办", "no waiting now"), "account"),
        choice("service", "wealth", w("理财咨询", "Savings and investments"),
               w("约 15–25 分钟，前面 2 人", "about 15–25 minutes, 2 ahead"), "wealth"),
        choice("service", "corporate", w("对公业务", "Business banking"),
               w("约 5 分钟，前面 1 人", "about 5 minutes, 1 ahead"), "corporate"),
    };
    made.back = choice("back", "", w("返回", "Back"));
    return made;
}

Page home(const Words& w)
{
    Page made = services(w);
    made.id = QStringLiteral("home");
    made.subtitle = w("选一项就好，走到哪一步都可以找人帮忙。",
                      "Choose one. At every step you can ask for a person.");
    made.live.clear();
    made.liveAge.clear();
    made.choices = {
        choice("go", "ticket", w("取号", "Take a number"),
               w("需要柜台办理的业务", "for anything at the counter"), "ticket", true),
        choice("go", "booked", w("我已预约", "I have booked"),
               w("扫二维码或刷身份证签到", "scan your code or ID card"), "appointment"),
        choice("go", "card", w("卡片服务", "Card services"),
               w("挂失、换卡、密码", "lost card, new card, PIN"), "card"),
        choice("go", "account", w("余额与流水", "Balance and statement"),
               w("查询、打印", "look up, print"), "account"),
        choice("go", "tour", w("逛逛网点", "Look around"),
               w("360° 看看在哪办", "the outlet in 360°"), "tour"),
        choice("go", "person", w("找工作人员", "Talk to a person"),
               w("马上有人过来", "someone comes over"), "person"),
    };
    return made;
}

Page two(const Words& w)
{
    Page made = page("card-or-not", PageKind::Choose,
                     w("要用银行卡吗？", "Would you like to use your bank card?"),
                     w("插卡可以少填几项，不插也一样取号。",
                       "With a card there is less to type. Without one you get the same ticket."));
    made.choices = {choice("card", "yes", w("插卡取号", "Use my card"),
                           w("自动带出您的姓名", "fills in your name"), "card", true),
                    choice("card", "no", w("不用卡", "Without a card"),
                           w("直接取号", "straight to the ticket"), "ticket")};
    made.back = choice("back", "", w("返回", "Back"));
    return made;
}

Page odd(const Words& w)
{
    Page made = home(w);
    made.id = QStringLiteral("home-odd");
    made.choices.removeLast();
    made.choices[2].enabled = false;
    return made;
}

Page insertCard(const Words& w)
{
    Page made =
        page("insert-card", PageKind::InsertCard, w("请插入银行卡", "Please insert your card"),
             w("轻轻推到底，听到一声就好了。", "Push gently until it stops."));
    made.facts = {{{}, w("芯片朝上、朝里", "Chip side up, chip first")},
                  {{}, w("办完会提醒您取卡", "We remind you to take it back")}};
    made.choices = {choice("skip", "", w("不用卡，直接取号", "Continue without a card"))};
    made.countdownSeconds = 45;
    made.back = choice("back", "", w("返回", "Back"));
    return made;
}

Page reading(const Words& w)
{
    Page made = page("reading-card", PageKind::InsertCard, w("正在读卡", "Reading your card"),
                     w("请不要拔卡，大约 3 秒。", "Please leave the card in, about 3 seconds."));
    made.busy = true;
    return made;
}

Page scanCode(const Words& w)
{
    Page made = page("scan-code", PageKind::ScanCode,
                     w("请把预约码对准摄像头", "Hold your code up to the camera"),
                     w("手机屏幕或纸质码都可以，识别后自动继续。",
                       "On your phone or on paper. It goes on by itself."));
    made.facts = {{{}, w("离摄像头约一掌远", "About a hand away from the camera")},
                  {{}, w("手机请调亮屏幕", "Turn your screen up bright")}};
    made.choices = {choice("typed", "", w("手动输入预约码", "Type the code instead"))};
    made.countdownSeconds = 45;
    made.back = choice("back", "", w("返回", "Back"));
    return made;
}

Page keypad(const Words& w)
{
    Page made = page("keypad", PageKind::Keypad, w("请输入十位数字", "Type the ten digits"),
                     w("它在二维码的下面。", "Below the QR code of your booking."));
    made.mask = QStringLiteral("### #### ###");
    made.typed = QStringLiteral("12345");
    made.erase = w("删除一位", "Delete");
    made.clear = w("清空", "Clear");
    made.choices = {choice("camera", "", w("使用摄像头", "Use the camera"))};
    made.primary = choice("digits", "", w("签到", "Check in"));
    made.back = choice("back", "", w("返回", "Back"));
    return made;
}

Page review(const Words& w)
{
    Page made = page("review", PageKind::Review, w("这些对吗？", "Is this right?"),
                     w("确认后就打印号票。", "Your ticket is printed once you confirm."));
    made.facts = {{w("业务", "Service"), w("现金存取", "Cash in or out")},
                  {w("银行卡", "Card"), QStringLiteral("6222 02** **** 1234")},
                  {w("前面还有", "Ahead of you"), w("4 人", "4 people")},
                  {w("大约等候", "Expected wait"), w("10–20 分钟", "10–20 minutes")}};
    made.primary = choice("confirm", "", w("确认取号", "Print ticket"));
    made.choices = {choice("change", "service", w("换一项业务", "Change service"))};
    made.back = choice("back", "", w("返回", "Back"));
    return made;
}

TicketFace ticket(const Words& w)
{
    TicketFace face;
    face.label = QStringLiteral("A012");
    face.service = w("现金存取", "Cash in or out");
    face.facts = {{w("前面还有", "Ahead of you"), w("4 人", "4 people")},
                  {w("大约等候", "Expected wait"), w("10–20 分钟", "10–20 minutes")},
                  {w("可以离开到", "Please be back by"), QStringLiteral("10:52")}};
    face.qrText = QStringLiteral("https://outlet.example/t/4f7c2e19d0aa4b6c");
    face.qrNote = w("手机扫码看进度", "Scan to follow the queue");
    return face;
}

Page printing(const Words& w)
{
    Page made = page("printing", PageKind::Print, w("正在打印号票", "Printing your ticket"),
                     w("马上就好，请从下方出口取走。", "Please take it from the slot below."));
    made.ticket = ticket(w);
    made.busy = true;
    made.progress = 60;
    return made;
}

Page take(const Words& w)
{
    Page made =
        page("take-ticket", PageKind::Print, w("请取走您的号票", "Please take your ticket"),
             w("叫到号时，屏幕和语音都会提醒您。", "We call your number on the screen and aloud."));
    made.ticket = ticket(w);
    made.primary = choice("done", "", w("完成", "Done"));
    made.choices = {choice("missing", "", w("没拿到号票", "No ticket came out"))};
    made.countdownSeconds = 30;
    return made;
}

Page resultGood(const Words& w)
{
    Page made = page("done", PageKind::Result, w("都办好了", "All done"),
                     w("请带好号票和银行卡，稍坐一会儿。",
                       "Please keep your ticket and card, and have a seat."));
    made.ticket = ticket(w);
    made.primary = choice("done", "", w("完成", "Done"));
    return made;
}

Page resultBad(const Words& w)
{
    Page made = page("no-paper", PageKind::Result, w("打印纸用完了", "The printer is out of paper"),
                     w("您的号码 A012 已经排上了，不会丢。可以记下号码，或请工作人员加纸后再打印。",
                       "Your number A012 is in the queue and safe. Note it down, or ask us to add "
                       "paper and print again."));
    made.trouble = true;
    made.picture = QStringLiteral("paper");
    made.primary = choice("retry", "", w("再打印一次", "Print again"));
    made.choices = {choice("note", "", w("我记下了", "I noted it")),
                    choice("help", "", w("请人加纸", "Ask for paper"))};
    return made;
}

Page call(const Words& w)
{
    Page made = page(
        "call", PageKind::Call, w("已经请人过来帮您", "Someone is coming to help you"),
        w("您做到哪一步都保留着，请在这里稍等。", "Everything you did is kept. Please wait here."));
    made.busy = true;
    made.choices = {choice("cancel", "", w("不用了，我自己来", "No need, I can go on"))};
    made.help = false;
    return made;
}

Page warning(const Words& w)
{
    Page made = page(
        "still-there", PageKind::Warning, w("还需要一点时间吗？", "Do you need more time?"),
        w("时间到了会清除您的信息，回到首页。", "When the time is up, your details are wiped."));
    made.countdownSeconds = 25;
    made.primary = choice("more", "", w("继续办理", "Yes, continue"));
    return made;
}

Page forgottenCard(const Words& w)
{
    Page made = page("take-card", PageKind::Warning, w("请取走您的银行卡", "Please take your card"),
                     w("卡还在插卡口里。", "It is still in the reader."));
    made.picture = QStringLiteral("card");
    return made;
}

} // namespace

QList<Page> samplePages(const QString& language)
{
    const Words w(language);
    return {attract(w),    home(w),      odd(w),    services(w), two(w),          insertCard(w),
            reading(w),    scanCode(w),  keypad(w), review(w),   printing(w),     take(w),
            resultGood(w), resultBad(w), call(w),   warning(w),  forgottenCard(w)};
}

CallFace sampleCall(const QString& language, bool picture)
{
    const Words w(language);
    CallFace call;
    call.who = w("远程柜员 小美", "May, member of staff");
    call.caption = w("请看一下新手机号对不对，然后点“确认”。",
                     "Please look at the new number and press \"Confirm\".");
    call.picture = picture;
    if (picture) {
        call.recording = w("双录中", "Recording");
        call.camera = {.event = QStringLiteral("assistCamera"),
                       .title = w("关闭我的画面", "Hide my picture")};
    } else {
        call.own = w("好的", "Yes");
    }
    for (const auto& phrase :
         {w("听不清，请打字", "I cannot hear you, please write"),
          w("请再说一遍", "Please say that again"), w("好的", "Yes"), w("不是", "No")}) {
        call.phrases.append(
            {.event = QStringLiteral("assistSay"), .value = phrase, .title = phrase});
    }
    call.end = {.event = QStringLiteral("assistEnd"), .title = w("结束通话", "End call")};
    return call;
}

Frame sampleFrame(const QString& language, bool withNotice)
{
    const Words w(language);
    Frame frame;
    frame.outlet = w("中山路网点", "Zhongshan Road");
    frame.time = QStringLiteral("10:42");
    frame.activity = w("取号", "Queue ticket");
    frame.language = language;
    frame.reducedMotion = true;
    if (withNotice) {
        frame.notices = {
            w("暂时不能读卡，取号照常。", "Cards cannot be read just now. Tickets work as usual.")};
    }
    return frame;
}

} // namespace guichet::kiosk::test
