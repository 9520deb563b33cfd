//! The price: pairs and memory by length and pattern, and the curve measured here.

use leptos::prelude::*;

use super::article::article;
use super::question::question;
use super::stage::Stage;
use crate::analysis::{fit_cost, fixed};
use crate::lesson::price::{Pattern, weight_bytes};
use crate::scene::digits;
use crate::text::lesson as text;
use crate::ui::views::charts::CostView;
use crate::ui::widgets::{content, plain, readout, typed, words};

const PATTERNS: [(crate::text::Name, Pattern); 5] = [
    (text::price_full, Pattern::Full),
    (text::price_causal, Pattern::Causal),
    (text::price_window, Pattern::Window { reach: 128 }),
    (text::price_causal_window, Pattern::CausalWindow { size: 256 }),
    (text::price_blocks, Pattern::Blocks { size: 64, reach: 1, global: 1 }),
];

/// Lengths are powers of 2, from 16 to 131,072.
const POWERS: std::ops::RangeInclusive<u32> = 4..=17;

/// A number in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            // Narrow and unbroken, as the SI brochure has it: no language reads it as a decimal mark.
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

fn memory(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut number = bytes as f64;
    let mut unit = 0;
    while number >= 1000.0 && unit + 1 < UNITS.len() {
        number /= 1000.0;
        unit += 1;
    }
    format!("{} {}", digits(number, usize::from(number < 100.0 && unit > 0)), UNITS[unit])
}

fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    format!("{} %", crate::text::decimal(fixed(percent, if percent < 10.0 { 2 } else { 0 })))
}

pub fn live(stage: Stage) -> AnyView {
    let session = stage.session;
    let power = RwSignal::new(9u32);
    let tokens = move || 1u64 << power.get();
    let row = move |(name, pattern): (crate::text::Name, Pattern)| {
        let size = move || {
            let (layers, heads) = session.size();
            (layers as u64, heads as u64)
        };
        view! {
            <tr>
                <th scope="row">{name()}</th>
                <td prop:textContent=content(move || grouped(pattern.pairs(tokens())))></td>
                <td prop:textContent=content(move || percent(pattern.share(tokens())))></td>
                <td prop:textContent=content(move || {
                    let (layers, heads) = size();
                    memory(weight_bytes(pattern, tokens(), layers, heads))
                })></td>
            </tr>
        }
    };
    let of_model = move || {
        let (layers, heads) = session.size();
        text::price_memory(&layers.to_string(), &heads.to_string())
    };
    let choose = typed(move |text| {
        if let Ok(chosen) = text.parse() {
            power.set(u32::clamp(chosen, *POWERS.start(), *POWERS.end()));
        }
    });
    let records = move || {
        let mut records = session.records.get();
        records.sort_unstable();
        if records.is_empty() {
            return String::new();
        }
        let sizes = records.iter().map(|&(n, bytes)| text::price_record(&n.to_string(), &memory(bytes)));
        let megabytes: Vec<(usize, f32)> = records.iter().map(|&(n, bytes)| (n, bytes as f32 / 1e6)).collect();
        let curve = fit_cost(&megabytes).filter(|_| megabytes.len() > 3).map(|cost| {
            let [square, linear] = [cost.quadratic, cost.linear].map(|x| digits(x, 6));
            text::price_record_curve(&format!("{square} n² + {linear} n"))
        });
        let told = text::price_records(&crate::text::list(sizes));
        crate::text::sentences([told, curve.unwrap_or_default()])
    };
    view! {
        <div class="control">
            <label for="lesson-length">{text::price_length()} " " <output prop:textContent=content(move || grouped(tokens()))></output></label>
            <input
                id="lesson-length"
                type="range"
                min=POWERS.start().to_string()
                max=POWERS.end().to_string()
                step="1"
                prop:value=words(move || power.get().to_string())
                on:input=choose
            />
        </div>
        <div class="wide-table">
            <table class="numbers" id="lesson-price">
                <thead>
                    <tr>
                        <th scope="col">{text::price_pattern()}</th>
                        <th scope="col">{text::price_pairs()}</th>
                        <th scope="col">{text::price_share()}</th>
                        <th scope="col" prop:textContent=content(of_model)></th>
                    </tr>
                </thead>
                <tbody>{PATTERNS.map(row).into_iter().collect_view()}</tbody>
            </table>
        </div>
        {article("price-article", || text::price_article().into())}
        {plain("h3", "", text::price_measured())}
        {plain("p", "", text::price_measured_about())}
        <CostView session look=stage.look ids=["lesson-cost", "lesson-cost-told"] open=|| true/>
        {readout("lesson-records", "off", words(records))}
        {question(text::price_question(), &[text::price_3, text::price_6, text::price_9], 2, text::price_why().into())}
    }
    .into_any()
}
