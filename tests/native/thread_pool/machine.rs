//! Threads that execute the few WebAssembly instructions of relaxed_simd/wat/threads.rs, in its own text, in turns that a test chooses.
//!
//! A turn is one atomic instruction, or plain accesses of the job up to the next atomic one, each with the instructions behind
//! it that concern nobody else. Plain accesses may be executed together because [`Thread::is_at_plain`] lets the test check
//! that no other thread is about to touch the same words.

use std::collections::HashMap;

#[derive(Clone, Copy)]
enum Op {
    Const(i32),
    Get(usize),
    Set(usize),
    Tee(usize),
    Drop,
    Binary(fn(i32, i32) -> i32),
    IsZero,
    Load(i32),
    Store(i32),
    AtomicLoad,
    AtomicStore,
    Add,
    Subtract,
    Notify,
    Wait,
    Jump(usize),
    JumpIf(usize),
    JumpUnless(usize),
    Call(usize),
    /// `$compute`, which the test does itself.
    Compute,
    Return,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Concerns this thread alone.
    Own,
    /// Touches what the job says, or its words.
    Plain,
    Atomic,
}

impl Op {
    fn reach(self) -> Reach {
        match self {
            Self::Load(_) | Self::Compute => Reach::Plain,
            Self::AtomicLoad | Self::AtomicStore | Self::Add | Self::Subtract | Self::Notify | Self::Wait => {
                Reach::Atomic
            }
            _ => Reach::Own,
        }
    }
}

struct Function {
    /// Parameters first.
    locals: usize,
    params: usize,
    ops: Vec<Op>,
}

pub struct Program {
    functions: Vec<Function>,
    names: HashMap<String, usize>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Frame {
    function: usize,
    at: usize,
    locals: Vec<i32>,
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Thread {
    frames: Vec<Frame>,
    stack: Vec<i32>,
    /// The address that it waits at, and whether it does so without a limit.
    asleep: Option<(i32, bool)>,
}

impl Thread {
    pub fn asleep(&self) -> Option<(i32, bool)> {
        self.asleep
    }

    /// It has returned from its first function: what that gave.
    pub fn returned(&self) -> Option<i32> {
        self.frames.is_empty().then(|| self.stack.last().copied().unwrap_or_default())
    }

    pub fn is_at_plain(&self, program: &Program) -> bool {
        self.asleep.is_none() && self.frames.last().is_some_and(|frame| program.op(frame).reach() == Reach::Plain)
    }
}

/// What an instruction does beside its own thread and the memory.
pub enum Effect {
    None,
    /// All threads that wait at this address wake.
    Notify(i32),
    /// The strip at this address is computed.
    Compute(i32),
}

impl Program {
    pub fn of(text: &str) -> Self {
        let mut words = words(text).into_iter();
        assert_eq!(words.next().as_deref(), Some("("));
        let Node::List(module) = parse(&mut words) else { unreachable!("a list begins with a bracket") };
        let functions: Vec<(String, &[Node])> = module.iter().filter_map(function).collect();
        let names = functions.iter().enumerate().map(|(i, (name, _))| (name.clone(), i)).collect();
        let functions = functions.iter().map(|(_, body)| Compiler::function(&names, body)).collect();
        Self { functions, names }
    }

    /// A thread that has just called this function, ready for its first turn.
    pub fn call(&self, name: &str, args: &[i32], memory: &mut [i32]) -> Thread {
        let mut thread = Thread { stack: args.to_vec(), ..Thread::default() };
        self.enter(&mut thread, self.names[name]);
        self.settle(&mut thread, memory);
        thread
    }

    /// Ends the sleep of a thread: 0 where it was woken, 2 where its time was up.
    pub fn wake(&self, thread: &mut Thread, memory: &mut [i32], result: i32) {
        thread.asleep = None;
        thread.stack.push(result);
        self.settle(thread, memory);
    }

    /// One turn. `effect` hears what else it does.
    pub fn turn(&self, thread: &mut Thread, memory: &mut [i32], mut effect: impl FnMut(&mut [i32], Effect)) {
        let reach = self.op(thread.frames.last().expect("a thread that is not done")).reach();
        loop {
            let done = self.execute(thread, memory);
            effect(memory, done);
            self.settle(thread, memory);
            let is_at_plain = thread.is_at_plain(self);
            if reach != Reach::Plain || !is_at_plain {
                return;
            }
        }
    }

    /// Executes what concerns this thread alone.
    fn settle(&self, thread: &mut Thread, memory: &mut [i32]) {
        while thread.asleep.is_none() && thread.frames.last().is_some_and(|f| self.op(f).reach() == Reach::Own) {
            self.execute(thread, memory);
        }
    }

    fn op(&self, frame: &Frame) -> Op {
        self.functions[frame.function].ops[frame.at]
    }

    fn enter(&self, thread: &mut Thread, function: usize) {
        let Function { locals, params, .. } = self.functions[function];
        let mut values = thread.stack.split_off(thread.stack.len() - params);
        values.resize(locals, 0);
        thread.frames.push(Frame { function, at: 0, locals: values });
    }

    fn execute(&self, thread: &mut Thread, memory: &mut [i32]) -> Effect {
        let Thread { frames, stack, asleep } = thread;
        let frame = frames.last_mut().expect("a thread that is not done");
        let op = self.op(frame);
        frame.at += 1;
        let mut pop = || stack.pop().expect("a value on the stack");
        let at = |address: i32| usize::try_from(address / 4).expect("an address");
        match op {
            Op::Const(value) => stack.push(value),
            Op::Get(local) => stack.push(frame.locals[local]),
            Op::Set(local) => frame.locals[local] = pop(),
            Op::Tee(local) => frame.locals[local] = *stack.last().expect("a value on the stack"),
            Op::Drop => {
                pop();
            }
            Op::Binary(of) => {
                let (right, left) = (pop(), pop());
                stack.push(of(left, right));
            }
            Op::IsZero => {
                let zero = pop() == 0;
                stack.push(i32::from(zero));
            }
            Op::Load(offset) => {
                let address = pop() + offset;
                stack.push(memory[at(address)]);
            }
            Op::AtomicLoad => {
                let address = pop();
                stack.push(memory[at(address)]);
            }
            Op::Store(offset) => {
                let (value, address) = (pop(), pop() + offset);
                memory[at(address)] = value;
            }
            Op::AtomicStore => {
                let (value, address) = (pop(), pop());
                memory[at(address)] = value;
            }
            Op::Add | Op::Subtract => {
                let (value, address) = (pop(), pop());
                let before = memory[at(address)];
                let added = if matches!(op, Op::Add) { value } else { value.wrapping_neg() };
                memory[at(address)] = before.wrapping_add(added);
                stack.push(before);
            }
            Op::Notify => {
                let (_most, address) = (pop(), pop());
                stack.push(0);
                return Effect::Notify(address);
            }
            Op::Wait => {
                let (limit, expected, address) = (pop(), pop(), pop());
                if memory[at(address)] == expected {
                    *asleep = Some((address, limit < 0));
                } else {
                    stack.push(1);
                }
            }
            Op::Jump(to) => frame.at = to,
            Op::JumpIf(to) => {
                if pop() != 0 {
                    frame.at = to;
                }
            }
            Op::JumpUnless(to) => {
                if pop() == 0 {
                    frame.at = to;
                }
            }
            Op::Call(function) => self.enter(thread, function),
            Op::Compute => return Effect::Compute(pop()),
            Op::Return => {
                frames.pop();
            }
        }
        Effect::None
    }
}

enum Node {
    Word(String),
    List(Vec<Node>),
}

impl Node {
    fn word(&self) -> &str {
        if let Self::Word(word) = self { word } else { "" }
    }

    fn list(&self) -> &[Node] {
        if let Self::List(list) = self { list } else { &[] }
    }

    fn head(&self) -> &str {
        self.list().first().map_or("", Node::word)
    }
}

fn words(text: &str) -> Vec<String> {
    text.replace('(', " ( ").replace(')', " ) ").split_whitespace().map(str::to_owned).collect()
}

/// The rest of a list.
fn parse(words: &mut impl Iterator<Item = String>) -> Node {
    let mut list = Vec::new();
    loop {
        match words.next().expect("as many closing brackets as opening ones").as_str() {
            "(" => list.push(parse(words)),
            ")" => return Node::List(list),
            word => list.push(Node::Word(word.to_owned())),
        }
    }
}

/// The name and what follows it of a function of the protocol: `$work`, or by its exported name.
fn function(node: &Node) -> Option<(String, &[Node])> {
    if node.head() != "func" {
        return None;
    }
    let name = &node.list()[1];
    let name = if name.head() == "export" { name.list()[1].word().trim_matches('"') } else { name.word() };
    ["$work", "lead", "serve"].contains(&name).then(|| (name.to_owned(), &node.list()[2..]))
}

struct Compiler<'a> {
    names: &'a HashMap<String, usize>,
    locals: Vec<&'a str>,
    ops: Vec<Op>,
    /// Where a branch to a label goes, for a loop; else the branches to be set where its block ends.
    labels: Vec<(&'a str, Option<usize>, Vec<usize>)>,
}

impl<'a> Compiler<'a> {
    fn function(names: &'a HashMap<String, usize>, body: &'a [Node]) -> Function {
        let mut this = Self { names, locals: Vec::new(), ops: Vec::new(), labels: Vec::new() };
        let mut params = 0;
        for node in body {
            match node.head() {
                "param" => {
                    this.locals.push(node.list()[1].word());
                    params += 1;
                }
                "local" => this.locals.push(node.list()[1].word()),
                "result" => (),
                _ => this.compile(node),
            }
        }
        this.ops.push(Op::Return);
        Function { locals: this.locals.len(), params, ops: this.ops }
    }

    fn compile(&mut self, node: &'a Node) {
        let [_, rest @ ..] = node.list() else { panic!("an instruction: {}", node.word()) };
        let first = rest.first().map_or("", Node::word);
        let offset = first.strip_prefix("offset=").map_or(0, number);
        let local = || self.locals.iter().position(|name| *name == first).expect("a local of this name");
        let op = match node.head() {
            "i32.const" => Op::Const(number(first)),
            // Only limits of sleeps: what counts is whether there is one.
            "i64.const" => Op::Const(if first == "-1" { -1 } else { 1 }),
            "local.get" => Op::Get(local()),
            "local.set" => Op::Set(local()),
            "local.tee" => Op::Tee(local()),
            "drop" => Op::Drop,
            "i32.add" => Op::Binary(i32::wrapping_add),
            "i32.sub" => Op::Binary(i32::wrapping_sub),
            "i32.mul" => Op::Binary(i32::wrapping_mul),
            "i32.shl" => Op::Binary(|left, right| left << right),
            "i32.eq" => Op::Binary(|left, right| i32::from(left == right)),
            "i32.ne" => Op::Binary(|left, right| i32::from(left != right)),
            "i32.le_s" => Op::Binary(|left, right| i32::from(left <= right)),
            "i32.ge_u" => Op::Binary(|left, right| i32::from(left as u32 >= right as u32)),
            "i32.eqz" => Op::IsZero,
            "i32.load" => Op::Load(offset),
            "i32.store" => Op::Store(offset),
            "i32.atomic.load" => Op::AtomicLoad,
            "i32.atomic.store" => Op::AtomicStore,
            "i32.atomic.rmw.add" => Op::Add,
            "i32.atomic.rmw.sub" => Op::Subtract,
            "memory.atomic.notify" => Op::Notify,
            "memory.atomic.wait32" => Op::Wait,
            "call" if first == "$compute" => Op::Compute,
            "call" => Op::Call(self.names[first]),
            "block" | "loop" => return self.block(node.head() == "loop", first, &rest[1..]),
            "br" | "br_if" => {
                self.operands(&rest[1..]);
                return self.branch(first, node.head() == "br_if");
            }
            "if" => return self.choice(rest),
            other => panic!("an instruction that the machine does not have: {other}"),
        };
        self.operands(rest);
        self.ops.push(op);
    }

    fn operands(&mut self, nodes: &'a [Node]) {
        nodes.iter().filter(|node| !node.list().is_empty()).for_each(|node| self.compile(node));
    }

    fn block(&mut self, is_loop: bool, label: &'a str, body: &'a [Node]) {
        self.labels.push((label, is_loop.then_some(self.ops.len()), Vec::new()));
        self.operands(body);
        let (_, _, branches) = self.labels.pop().expect("pushed above");
        for branch in branches {
            self.set_target(branch);
        }
    }

    fn branch(&mut self, label: &str, on_condition: bool) {
        let at = self.ops.len();
        let of_label = self.labels.iter_mut().rev().find(|(name, ..)| *name == label).expect("a label of this name");
        let target = of_label.1.unwrap_or_else(|| {
            of_label.2.push(at);
            usize::MAX
        });
        self.ops.push(if on_condition { Op::JumpIf(target) } else { Op::Jump(target) });
    }

    fn choice(&mut self, parts: &'a [Node]) {
        let [condition, then, rest @ ..] = parts else { panic!("an if without its parts") };
        self.compile(condition);
        let skips = self.ops.len();
        self.ops.push(Op::JumpUnless(usize::MAX));
        self.operands(&then.list()[1..]);
        let Some(otherwise) = rest.first() else { return self.set_target(skips) };
        let leaves = self.ops.len();
        self.ops.push(Op::Jump(usize::MAX));
        self.set_target(skips);
        self.operands(&otherwise.list()[1..]);
        self.set_target(leaves);
    }

    /// A branch goes to what comes next.
    fn set_target(&mut self, branch: usize) {
        let next = self.ops.len();
        let (Op::Jump(target) | Op::JumpIf(target) | Op::JumpUnless(target)) = &mut self.ops[branch] else {
            unreachable!("only branches are set")
        };
        *target = next;
    }
}

fn number(word: &str) -> i32 {
    word.parse().expect("a decimal number")
}
