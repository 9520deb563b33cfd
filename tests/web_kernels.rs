//! Both builds of the products' inner loop, in a browser that has relaxed SIMD.
#![cfg(target_arch = "wasm32")]

#[path = "web/kernels.rs"]
mod kernels;

use attnscope::math::gemm::micro_kernel::selected;
use attnscope::math::relaxed_simd::MODULE;
use attnscope::math::{Activation, DType, Epilogue, PackedB, Rows, StoredB, TensorData, TensorView, WeightMatrix};
use attnscope::math::{matmul, softmax_rows};
use attnscope::worker::relaxed_simd;
use kernels::{noise, panels};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Rows, depth, columns: tails of tiles and panels, several blocks of depth and of rows.
const SHAPES: [(usize, usize, usize); 9] = [
    (1, 1, 1),
    (3, 7, 9),
    (4, 8, 8),
    (5, 33, 17),
    (161, 16, 24),
    (7, 513, 3),
    (6, 1537, 20),
    (2, 384, 8),
    (330, 40, 12),
];

/// `relu(A B + bias)` for every shape, after comparison with the same in f64, one sum after the other.
fn products(build: &str) -> Vec<f32> {
    let mut all = Vec::new();
    for (m, k, n) in SHAPES {
        let (a_stride, out_stride) = (k + 3, n + 5);
        let (a, w, bias) = (noise(m * a_stride, 1), noise(n * k, 2), noise(n, 3));
        let panels = panels(&w, k);
        let mut out = vec![7.0; m * out_stride];
        let epilogue = Epilogue::BiasActivation(&bias, Activation::Relu);
        matmul(Rows { data: &a, rows: m, stride: a_stride }, &panels, &mut out, out_stride, epilogue);
        for i in 0..m {
            for j in 0..n {
                let sum: f64 = (0..k).map(|x| f64::from(a[i * a_stride + x]) * f64::from(w[j * k + x])).sum();
                let (got, want) = (f64::from(out[i * out_stride + j]), (sum + f64::from(bias[j])).max(0.0));
                let bound = 1e-6 * k as f64 + 1e-6;
                assert!((got - want).abs() <= bound, "{build} [{m}, {k}, {n}] at [{i}, {j}]: {got} is not {want}");
            }
        }
        assert!(out.chunks(out_stride).all(|row| row[n..].iter().all(|&gap| gap == 7.0)), "{build}: a gap was written");
        all.extend(out);
    }
    all
}

/// Products with weights as they are stored: the same sums as with the numbers that they stand for.
fn stored(build: &str) {
    let (k, n) = (1024, 20);
    for (dtype, halves) in STORED {
        let mut bytes: Vec<u8> = noise(dtype.bytes_of(k * n), 6).iter().map(|x| (x * 127.0) as i8 as u8).collect();
        for block in bytes.chunks_mut(dtype.block().1) {
            for &at in halves {
                let half = half::f16::from_f32(f32::from(block[at]) * 1e-4 - 0.01);
                block[at..at + 2].copy_from_slice(&half.to_le_bytes());
            }
        }
        same_sums(&format!("{build}, {dtype:?}"), dtype, bytes.clone(), k, |sum| sum.is_finite());
        // A half that is infinite, in the middle.
        let block = &mut bytes[dtype.bytes_of(512)..];
        let at = halves.first().copied().unwrap_or_default();
        block[at..at + 2].copy_from_slice(&half::f16::INFINITY.to_le_bytes());
        same_sums(&format!("{build}, {dtype:?} with infinity"), dtype, bytes, k, |_| true);
    }
}

fn same_sums(name: &str, dtype: DType, bytes: Vec<u8>, k: usize, all: impl Fn(f32) -> bool) {
    let panels = WeightMatrix::Packed(PackedB::from_weights(&[TensorView { dtype, bytes: &bytes }], k));
    let stored = WeightMatrix::Stored(StoredB::new(vec![TensorData::interleaved(dtype, bytes, k)], k));
    let n = stored.columns();
    for m in [1, 6, 16, 163] {
        let a = noise(m * k, 4);
        let [theirs, ours] = [&panels, &stored].map(|matrix| {
            let mut out = vec![0.0f32; m * n];
            matrix.matmul(Rows::dense(&a, k), &mut out, n, Epilogue::None);
            out
        });
        assert!(theirs.iter().any(|&sum| sum != 0.0) && theirs.iter().all(|&sum| all(sum)), "{name}: numbers");
        // No number is like another that is none.
        let same = theirs.iter().zip(&ours).all(|(a, b)| a == b || a.is_nan() && b.is_nan());
        assert!(same, "{name}: {m} rows");
    }
}

/// Kinds that the module expands, two that it does not, and where their blocks have half-precision numbers.
const STORED: [(DType, &[usize]); 8] = [
    (DType::F16, &[0]),
    (DType::Q4_0, &[0]),
    (DType::Q4_1, &[0, 2]),
    (DType::Q8_0, &[0]),
    (DType::Q4_K, &[0, 2]),
    (DType::Q6_K, &[208]),
    (DType::Q5_K, &[0, 2]),
    (DType::IQ4_NL, &[0]),
];

/// Softmax of rows and GELU behind a product, against the same in f64, within the bounds that the library tells.
fn rows(build: &str) {
    for width in [1, 7, 8, 31, 512] {
        let mut row: Vec<f32> = noise(width, 5).iter().map(|x| 30.0 * x).collect();
        let scores: Vec<f64> = row.iter().map(|&x| f64::from(x)).collect();
        softmax_rows(&mut row, width);
        let max = scores.iter().copied().fold(f64::MIN, f64::max);
        let sum: f64 = scores.iter().map(|score| (score - max).exp()).sum();
        for (got, score) in row.iter().zip(scores) {
            let want = (score - max).exp() / sum;
            let off = (f64::from(*got) - want).abs() / want;
            assert!(off <= 1e-6 + 1.8e-7 * (max - score), "{build}: {got} is not {want}");
        }
    }
    // One row by one times x: the activation of x. GELU of these by the erfc of a C library.
    let gelu = [
        (-6.0, -5.919753e-9),
        (-2.5, -0.015524158),
        (-1.0, -0.15865526),
        (-0.1, -0.04601722),
        (0.0, 0.0),
        (0.3, 0.18537343),
        (1.0, 0.841_344_8),
        (3.0, 2.9959502),
        (40.0, 40.0),
    ];
    let numbers: Vec<f32> = gelu.iter().map(|&(x, _): &(f32, f32)| x).collect();
    let mut out = vec![0.0; 3 * gelu.len()];
    matmul(
        Rows::dense(&[1.0; 3], 1),
        &panels(&numbers, 1),
        &mut out,
        gelu.len(),
        Epilogue::Activation(Activation::Gelu),
    );
    for row in out.chunks(gelu.len()) {
        for (got, (x, want)) in row.iter().zip(gelu) {
            assert!((got - want).abs() <= 3e-7 * (x / 2.0).max(1.0), "{build}: GELU of {x} is {got}, not {want}");
        }
    }
    let mut out = [0.0];
    matmul(Rows::dense(&[1.0], 1), &panels(&[f32::NAN], 1), &mut out, 1, Epilogue::Activation(Activation::Gelu));
    assert!(out[0].is_nan(), "{build}: what is no number stays visible");
}

#[wasm_bindgen_test]
fn both_builds_agree_with_their_twin() {
    let plain = selected();
    products("plain SIMD");
    stored("plain SIMD");
    rows("plain SIMD");
    assert!(relaxed_simd::start(), "this browser has relaxed SIMD, and starts the module");
    let fused = products("relaxed SIMD");
    stored("relaxed SIMD");
    rows("relaxed SIMD");
    // The results would not tell: they differ only where the processor multiplies and adds at once.
    assert!(!std::ptr::fn_addr_eq(plain, selected()), "the module is not in use");
    assert!(relaxed_simd::start(), "a second time changes nothing");
    assert_eq!(fused, products("relaxed SIMD, again"));
}

/// The module's memory is the worker's own, so it may bring nothing into it and keep nothing there.
#[wasm_bindgen_test]
fn the_module_has_no_place_in_memory() {
    const GLOBALS: u8 = 6;
    const NAMES: [(u8, &str); 5] = [(5, "a memory"), (8, "a start"), (9, "table entries"), (11, "data"), (12, "data")];
    let mut rest = MODULE.strip_prefix(b"\0asm\x01\0\0\0").expect("a wasm module");
    while let [id, after @ ..] = rest {
        let (size, body) = number(after);
        let (section, behind) = body.split_at(size);
        if let Some((_, what)) = NAMES.iter().find(|(name, _)| name == id) {
            panic!("the module has {what}");
        }
        if *id == GLOBALS {
            // Its stack would end where it begins, at 0: a function that used it would trap at its first write. The
            // others are constants of the linker.
            assert!(section[1..].starts_with(&[0x7f, 1, 0x41, 0, 0x0b]), "a stack of no bytes, got {section:?}");
            assert_eq!(
                section.windows(3).filter(|window| matches!(window, [0x7f, 1, 0x41])).count(),
                1,
                "one variable"
            );
        }
        rest = behind;
    }
    assert!(MODULE.len() < 24 << 10, "{} bytes", MODULE.len());
}

/// An unsigned LEB128 number, and what follows it.
fn number(bytes: &[u8]) -> (usize, &[u8]) {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0).expect("a number ends");
    let value = bytes[..=end].iter().rev().fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f));
    (value, &bytes[end + 1..])
}
