//! Products by several threads, on a page that is isolated, as wasm-bindgen's test runner serves it.
#![cfg(target_arch = "wasm32")]

#[path = "web/kernels.rs"]
mod kernels;

use attnscope::math::gemm::threads::ThreadedB;
use attnscope::math::{Activation, Epilogue, PackedB, Rows, matmul};
use attnscope::worker::{relaxed_simd, threads};
use js_sys::{Array, Promise, Reflect};
use kernels::{noise, panels};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Blob, Url, WorkerGlobalScope};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Rows, depth, columns: tails of tiles and panels, several blocks of depth and of rows, and the built-in model's.
const SHAPES: [(usize, usize, usize); 9] = [
    (1, 1, 1),
    (3, 7, 9),
    (5, 33, 17),
    (161, 16, 24),
    (6, 1537, 20),
    (330, 40, 12),
    (16, 384, 1152),
    (40, 1536, 384),
    (1, 384, 2000),
];

/// The first matrix that threads keep: none until a helper is ready.
async fn kept(panels: &PackedB) -> ThreadedB {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    for _ in 0..500 {
        if let Some(kept) = ThreadedB::share(panels) {
            return kept;
        }
        let later = Promise::new(&mut |resolve, _| {
            scope.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 10).expect("a timer");
        });
        JsFuture::from(later).await.expect("it ends");
    }
    panic!("no helper is ready after 5 seconds");
}

#[wasm_bindgen_test]
async fn all_bits_are_those_of_one_thread() {
    assert!(relaxed_simd::start(), "this browser has relaxed SIMD");
    let global = js_sys::global();
    assert!(Reflect::get(&global, &"crossOriginIsolated".into()).unwrap().is_truthy(), "the runner's page is isolated");
    assert!(threads::start().is_err(), "without a script there are no helpers");
    assert!(ThreadedB::share(&panels(&noise(64, 1), 8)).is_none(), "and nothing is kept for them");

    let script = Array::of1(&include_str!("../assets/worker_thread.js").into());
    let script = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&script).unwrap()).unwrap();
    Reflect::set(&global, &"attnscopeThread".into(), &script.into()).unwrap();
    threads::start().expect("helpers");
    drop(kept(&panels(&noise(64, 1), 8)).await);

    let matrices: Vec<PackedB> = SHAPES.iter().map(|&(_, k, n)| panels(&noise(n * k, 2), k)).collect();
    // Longer than one helper sleeps between two products, and often enough for those that come late.
    for round in 0..30 {
        let all: Vec<ThreadedB> = matrices.iter().map(|panels| ThreadedB::share(panels).expect("room")).collect();
        for (&(m, k, n), (alone, parallel)) in SHAPES.iter().zip(matrices.iter().zip(&all)) {
            let (a_stride, out_stride) = (k + 3, n + round % 2 * 5);
            let (a, bias) = (noise(m * a_stride, round as u32), noise(n, 3));
            let a = Rows { data: &a, rows: m, stride: a_stride };
            for epilogue in [Epilogue::Bias(&bias), Epilogue::BiasActivation(&bias, Activation::Gelu)] {
                let [mut ours, mut theirs] = [vec![7.0; m * out_stride], vec![7.0; m * out_stride]];
                parallel.matmul(a, &mut ours, out_stride, epilogue);
                matmul(a, alone, &mut theirs, out_stride, epilogue);
                assert!(ours == theirs, "[{m}, {k}, {n}], round {round}");
            }
        }
        let part = 3..7;
        assert!(all[1].depth_part(part.clone()).numbers() == matrices[1].depth_part(part).numbers(), "a copy back");
    }
}
