// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/form_view.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <utility>

#include "kiosk/views/icons.h"

namespace guichet::kiosk {

namespace {

/// The ground of a field: it is pressed, and its digits are painted by what lies on it.
class FieldArea final : public PressArea {
public:
    FieldArea(DigitField* digits, const Theme& theme, QWidget* parent)
        : PressArea(theme, parent)
        , m_digits(digits)
    {
        digits->setParent(this);
        setAccessibleName(digits->accessibleName());
    }

protected:
    void layOutFace(const QRectF& face) override { m_digits->setGeometry(face.toAlignedRect()); }
    void paintFace(QPainter& /*painter*/, const QRectF& /*face*/) override {}

private:
    DigitField* m_digits;
};

} // namespace

FormView::FormView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
    , m_inputs(static_cast<std::size_t>(page.fields.size()))
{
    const auto typed = QJsonDocument::fromJson(page.typed.toUtf8()).object();
    for (std::size_t i = 0; i < m_inputs.size(); ++i) {
        auto field = page.fields.at(static_cast<qsizetype>(i));
        field.value = typed.value(field.name).toString(field.value);
        if (field.kind == FormField::Kind::Digits) {
            addDigits(m_inputs[i], field);
            connect(m_inputs[i].area, &PressArea::clicked, this, [this, i] { select(i); });
        } else {
            addOptions(m_inputs[i], i, field);
        }
    }
    const auto digits = [](const Input& input) { return input.digits != nullptr; };
    if (const auto first = std::find_if(m_inputs.begin(), m_inputs.end(), digits);
        first != m_inputs.end()) {
        m_keys = new DigitKeys(theme, this);
        for (ActionButton* key : m_keys->keys()) {
            addStop(key);
        }
        connect(m_keys, &DigitKeys::digit, this, &FormView::enter);
        connect(m_keys, &DigitKeys::erase, this, [this] { m_inputs[m_active].digits->erase(); });
        connect(m_keys, &DigitKeys::clear, this,
                [this] { m_inputs[m_active].digits->setDigits({}); });
        m_active = static_cast<std::size_t>(first - m_inputs.begin());
        const auto open = std::find_if(first, m_inputs.end(), [](const Input& input) {
            return input.digits != nullptr && !input.digits->full();
        });
        m_active =
            static_cast<std::size_t>((open == m_inputs.end() ? first : open) - m_inputs.begin());
    }
}

void FormView::addDigits(Input& input, const FormField& field)
{
    input.digits = new DigitField(field.mask, theme(), this);
    input.digits->setLabel(field.label);
    input.digits->setDigits(field.value);
    input.area = new FieldArea(input.digits, theme(), this);
    input.area->setObjectName(QStringLiteral("field/") + field.name);
    addStop(input.area);
    connect(input.digits, &DigitField::changed, this,
            [this, area = input.area, digits = input.digits] {
                area->setAccessibleName(digits->accessibleName());
                layOutAgain();
            });
}

void FormView::addOptions(Input& input, std::size_t place, const FormField& field)
{
    input.chosen = field.value;
    for (const Choice& option : field.options) {
        auto* const button = new ActionButton(ActionButton::Look::Plain, theme(), this);
        button->setObjectName(QStringLiteral("field/%1/%2").arg(field.name, option.value));
        button->setCheckable(true);
        addStop(button);
        input.options.append(button);
        connect(button, &PressArea::clicked, this, [this, place, value = option.value] {
            m_inputs[place].chosen = value;
            layOutAgain();
        });
    }
}

QString FormView::valueOf(std::size_t place) const
{
    const Input& input = m_inputs[place];
    return input.digits != nullptr ? input.digits->digits() : input.chosen;
}

QString FormView::errorOf(std::size_t place) const
{
    const auto& field = page().fields.at(static_cast<qsizetype>(place));
    return valueOf(place) == field.value ? field.error : QString();
}

QString FormView::typed() const
{
    QJsonObject values;
    for (std::size_t i = 0; i < m_inputs.size(); ++i) {
        values.insert(page().fields.at(static_cast<qsizetype>(i)).name, valueOf(i));
    }
    return QString::fromUtf8(QJsonDocument(values).toJson(QJsonDocument::Compact));
}

Choice FormView::primaryChoice() const
{
    auto choice = PageView::primaryChoice();
    choice.value = typed();
    return choice;
}

void FormView::select(std::size_t place)
{
    m_active = place;
    layOutAgain();
}

/// Into the field that is chosen; a full one leads on to the next that is empty.
void FormView::enter(QChar digit)
{
    DigitField& field = *m_inputs[m_active].digits;
    field.add(digit);
    const auto next = m_active + 1;
    if (field.full() && next < m_inputs.size() && m_inputs[next].digits != nullptr &&
        m_inputs[next].digits->digits().isEmpty()) {
        select(next);
    }
}

void FormView::keyPressEvent(QKeyEvent* event)
{
    const auto text = event->text();
    const bool digit =
        text.size() == 1 && text.at(0) >= QLatin1Char('0') && text.at(0) <= QLatin1Char('9');
    if (m_keys != nullptr && event->key() == Qt::Key_Backspace) {
        m_inputs[m_active].digits->erase();
    } else if (m_keys != nullptr && digit) {
        enter(text.at(0));
    } else {
        PageView::keyPressEvent(event);
    }
}

/// When the page says anew what is wrong, the keys write where that is.
void FormView::goToFirstError()
{
    QStringList errors;
    for (const FormField& field : page().fields) {
        errors.append(field.error);
    }
    if (std::exchange(m_errors, errors) == errors) {
        return;
    }
    for (std::size_t i = 0; i < m_inputs.size(); ++i) {
        if (m_inputs[i].digits != nullptr && !errorOf(i).isEmpty()) {
            m_active = i;
            return;
        }
    }
}

double FormView::layOutInput(Input& input, const FormField& field, const QRectF& area)
{
    if (input.digits != nullptr) {
        const int height = input.digits->heightFor(static_cast<int>(area.width()));
        input.digits->setLabel(field.label);
        input.area->place(QRectF(area.left(), area.top(), area.width(), height).toRect());
        return area.top() + height;
    }
    double top = area.top();
    const int width = static_cast<int>(area.width());
    for (qsizetype i = 0; i < input.options.size(); ++i) {
        ActionButton& button = *input.options.at(i);
        const Choice option = field.options.value(i);
        const bool chosen = option.value == input.chosen;
        button.setChecked(chosen);
        button.setWord(option.title, chosen ? QStringLiteral("tick") : QString());
        const int height = button.heightFor(width);
        button.place(QRectF(area.left(), top, width, height).toRect());
        top += height + theme().px(16);
    }
    return top - theme().px(16);
}

double FormView::layOutField(std::size_t place, const QRectF& area)
{
    const Palette& colours = theme().colours();
    const auto& field = page().fields.at(static_cast<qsizetype>(place));
    const QString error = errorOf(place);
    const QFont font = theme().font(theme().note() + 4, Weight::Bold);
    const double gap = theme().px(8);
    double top = area.top();
    // Height is short in large print and in landscape: there the error takes the label's place.
    const bool instead = !error.isEmpty() && (theme().elder() || !theme().portrait());
    if (!instead) {
        const double height = heightFor(field.label, font, area.width());
        write({field.label, font, colours.ink, QRectF(area.left(), top, area.width(), height)});
        top += height + gap;
    }
    const auto writeError = [&] {
        const double icon = 1.1 * font.pixelSize();
        const double left = area.left() + icon + theme().px(12);
        const double height = heightFor(error, font, area.right() - left);
        m_marks.emplace_back(area.left(), top + (1.3 * font.pixelSize() - icon) / 2, icon, icon);
        write({error, font, colours.red, QRectF(left, top, area.right() - left, height)});
        top += height + gap;
    };
    if (instead) {
        writeError();
    }
    Input& input = m_inputs[place];
    top = layOutInput(input, field, QRectF(area.left(), top, area.width(), area.bottom() - top));
    if (input.digits != nullptr) {
        input.digits->setEdge(!error.isEmpty()    ? DigitField::Edge::Wrong
                              : place == m_active ? DigitField::Edge::Active
                                                  : DigitField::Edge::Plain);
        input.area->setAccessibleDescription(error);
    }
    top += gap;
    if (!error.isEmpty() && !instead) {
        writeError();
    }
    return top;
}

void FormView::layOut(const QRectF& area)
{
    m_marks.clear();
    goToFirstError();
    const QRectF body = layOutFrame(area);
    // In landscape two fields stand beside each other: height is short there.
    const std::size_t columns = theme().portrait() ? 1 : 2;
    const double between = theme().px(24);
    const double width =
        (body.width() - between * static_cast<double>(columns - 1)) / static_cast<double>(columns);
    double top = body.top();
    double bottom = top;
    for (std::size_t i = 0; i < m_inputs.size(); ++i) {
        const auto column = static_cast<double>(i % columns);
        const QRectF place(body.left() + column * (width + between), top, width,
                           body.bottom() - top);
        bottom = std::max(bottom, layOutField(i, place));
        if (i % columns + 1 == columns || i + 1 == m_inputs.size()) {
            top = bottom + theme().px(theme().elder() ? 8 : 24);
        }
    }
    if (m_keys != nullptr) {
        m_keys->setWords(page(), !m_inputs[m_active].digits->digits().isEmpty());
        m_keys->place(QRectF(body.left(), top, body.width(), body.bottom() - top),
                      theme().portrait() ? 3 : 6, theme().px(theme().portrait() ? 16 : 12));
    }
}

void FormView::paintBody(QPainter& painter)
{
    for (const QRectF& mark : m_marks) {
        drawIcon(painter, QStringLiteral("warning"), mark, theme().colours().red);
    }
}

} // namespace guichet::kiosk
