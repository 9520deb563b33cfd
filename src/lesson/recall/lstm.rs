//! Long short-term memory (Hochreiter & Schmidhuber 1997) with forget gates (Gers et al. 2000).

use super::parameter::Parameter;
use super::recurrence::Recurrence;
use crate::lesson::numbers::sigmoid;
use crate::math::Random;

pub(crate) struct Lstm {
    width: usize,
    /// The columns of its outputs are the input gate, the forget gate, the cell input and the output gate, each
    /// [width].
    sums: Recurrence,
    /// [steps + 1, batch, width], the first of them 0.
    states: Vec<f64>,
    cells: Vec<f64>,
    /// The gates after sigmoid or tanh [steps, batch, 4 * width].
    gates: Vec<f64>,
}

impl Lstm {
    pub fn new(inputs: usize, width: usize, random: &mut Random) -> Self {
        let mut bias = Parameter::constant(1, 4 * width, 0.0);
        // Forget gates are open at first, so that cells keep their content (Jozefowicz et al. 2015).
        bias.value[width..2 * width].fill(1.0);
        Self {
            width,
            sums: Recurrence {
                input: Parameter::beside(inputs, width, 4, random),
                recurrent: Parameter::orthogonal(width, 4, random),
                bias,
            },
            states: Vec::new(),
            cells: Vec::new(),
            gates: Vec::new(),
        }
    }

    pub fn parameters(&mut self) -> Vec<(&'static str, &mut Parameter)> {
        self.sums.parameters()
    }

    /// `c_t = f c_(t-1) + i g`, `h_t = o tanh(c_t)`. Returns the last state [batch, width] for inputs x
    /// [steps, batch, inputs].
    pub fn forward(&mut self, x: &[f64], [steps, batch]: [usize; 2]) -> Vec<f64> {
        let (width, size) = (self.width, batch * self.width);
        self.states = vec![0.0; (steps + 1) * size];
        self.cells = vec![0.0; (steps + 1) * size];
        self.gates = vec![0.0; steps * 4 * size];
        self.sums.read(x, steps * batch, &mut self.gates);
        for t in 0..steps {
            let gates = &mut self.gates[t * 4 * size..][..4 * size];
            self.sums.recurrent.apply(&self.states[t * size..][..size], gates);
            for row in 0..batch {
                let gates = &mut gates[row * 4 * width..][..4 * width];
                let (sigmoids, rest) = gates.split_at_mut(2 * width);
                let (written, output) = rest.split_at_mut(width);
                sigmoids.iter_mut().chain(output).for_each(|gate| *gate = sigmoid(*gate));
                written.iter_mut().for_each(|g| *g = g.tanh());
                let at = (t + 1) * size + row * width;
                for j in 0..width {
                    let [i, f, g, o] = [gates[j], gates[width + j], gates[2 * width + j], gates[3 * width + j]];
                    let cell = f * self.cells[at - size + j] + i * g;
                    self.cells[at + j] = cell;
                    self.states[at + j] = o * cell.tanh();
                }
            }
        }
        self.states[steps * size..].to_vec()
    }

    /// Backpropagation through time: the gradient of x, from that of the last state.
    pub fn backward(&mut self, x: &[f64], dlast: &[f64], [steps, batch]: [usize; 2]) -> Vec<f64> {
        let (width, size) = (self.width, batch * self.width);
        let mut da = vec![0.0; steps * 4 * size]; // of what sigmoid and tanh are taken of
        let (mut dh, mut dc) = (dlast.to_vec(), vec![0.0; size]);
        for t in (0..steps).rev() {
            let da = &mut da[t * 4 * size..][..4 * size];
            let gates = &self.gates[t * 4 * size..][..4 * size];
            for row in 0..batch {
                let gates = &gates[row * 4 * width..][..4 * width];
                let da = &mut da[row * 4 * width..][..4 * width];
                for j in 0..width {
                    let [i, f, g, o] = [gates[j], gates[width + j], gates[2 * width + j], gates[3 * width + j]];
                    let at = row * width + j;
                    let before = self.cells[t * size + at];
                    let read = self.cells[(t + 1) * size + at].tanh();
                    let cell = dc[at] + dh[at] * o * (1.0 - read * read);
                    da[j] = cell * g * i * (1.0 - i);
                    da[width + j] = cell * before * f * (1.0 - f);
                    da[2 * width + j] = cell * i * (1.0 - g * g);
                    da[3 * width + j] = dh[at] * read * o * (1.0 - o);
                    dc[at] = cell * f;
                }
            }
            dh.fill(0.0);
            self.sums.recurrent.back(da, &mut dh);
        }
        self.sums.learn(x, &self.states[..steps * size], &da, steps * batch)
    }
}
