//! The family tree: models that readers have heard of, and how to come to those whose weights are open.

use leptos::prelude::*;

use super::question::question;
use super::stage::{OWN, Stage};
use crate::lesson::family_tree::{FAMILY_TREE, Member, Objective, Positions, Weights};
use crate::scene::digits;
use crate::text::lesson as text;
use crate::ui::widgets::plain;
use crate::worker::manifest::MAX_MODEL_BYTES;

fn size(member: &Member) -> String {
    match member.millions {
        millions if millions >= 1000.0 => {
            text::family_billion(&digits(millions / 1000.0, usize::from(millions < 10_000.0)))
        }
        millions => text::family_million(&digits(millions, 0)),
    }
}

fn stacks(member: &Member) -> String {
    match (member.encoder_layers, member.decoder_layers) {
        (0, layers) | (layers, 0) => layers.to_string(),
        (encoder, decoder) => text::family_stacks(&encoder.to_string(), &decoder.to_string()),
    }
}

fn heads(member: &Member) -> String {
    match member.kv_heads == member.heads {
        true => member.heads.to_string(),
        false => text::family_shared(&member.heads.to_string(), &member.kv_heads.to_string()),
    }
}

fn objective(member: &Member) -> &'static str {
    match member.objective {
        Objective::MaskedAndNextSentence => text::family_masked_next(),
        Objective::Masked => text::family_masked(),
        Objective::SpanCorruption => text::family_span(),
        Objective::NextToken => text::family_next(),
        Objective::Contrastive => text::family_contrast(),
    }
}

fn positions(member: &Member) -> &'static str {
    match member.positions {
        Positions::Learned => text::family_learned(),
        Positions::Buckets => text::family_buckets(),
        Positions::Rotary => text::family_rotary(),
    }
}

/// A link that asks for the model in the workbench, which shows its size first; none for what a page must refuse.
fn weights(member: &Member) -> AnyView {
    let load = |id: &str| {
        let name = text::family_load(member.name);
        view! {
            <a href=format!("#v=1&model={id}")>{text::family_open()} <span class="unseen">": " {name}</span></a>
        }
        .into_any()
    };
    match member.weights {
        Weights::Open(_) if member.name == OWN => view! { <span>{text::family_here()}</span> }.into_any(),
        Weights::Open(_) if member.file_bytes() > MAX_MODEL_BYTES => {
            let size = digits(member.file_bytes() as f32 / 1e9, 1);
            view! { <span>{text::family_large(&size)}</span> }.into_any()
        }
        Weights::Open(id) => load(id),
        Weights::OnTerms(_) => view! { <span>{text::family_terms()}</span> }.into_any(),
        Weights::Closed => view! { <span>{text::family_closed()}</span> }.into_any(),
    }
}

pub fn live(_: Stage) -> AnyView {
    let columns = [
        text::family_name(),
        text::family_year(),
        text::family_layers(),
        text::family_width(),
        text::family_heads(),
        text::family_size(),
        text::family_objective(),
        text::family_positions(),
        text::family_weights(),
    ];
    let row = move |member: &'static Member| {
        let cells = [
            member.year.to_string(),
            stacks(member),
            member.width.to_string(),
            heads(member),
            size(member),
            objective(member).into(),
            positions(member).into(),
        ];
        let cells = cells.into_iter().zip(&columns[1..]).map(|(cell, name)| view! { <td data-name=*name>{cell}</td> });
        view! {
            <tr>
                <th scope="row">{member.name}</th>
                {cells.collect_view()}
                <td data-name=columns[8]>{weights(member)}</td>
            </tr>
        }
    };
    view! {
        <div class="wide-table">
            <table class="numbers cards" id="lesson-family-table">
                <thead><tr>{columns.map(|name| view! { <th scope="col">{name}</th> }).into_iter().collect_view()}</tr></thead>
                <tbody>{FAMILY_TREE.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        {question(
            text::family_question(),
            &[text::family_some, text::family_every, text::family_only],
            0,
            text::family_why().into(),
        )}
        {plain("p", "", text::family_end())}
    }
    .into_any()
}
