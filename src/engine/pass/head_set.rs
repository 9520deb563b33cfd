//! A set of heads.

use serde::{Deserialize, Deserializer, Serialize};

use crate::engine::pass::trace::HeadId;

/// Heads, each once, in the order of layers and then heads. It is a sorted list, because a tree set costs the page 3
/// KB.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct HeadSet(Vec<HeadId>);

impl HeadSet {
    pub fn contains(&self, head: &HeadId) -> bool {
        self.0.contains(head)
    }

    pub fn insert(&mut self, head: HeadId) {
        if !self.contains(&head) {
            let place = self.0.iter().take_while(|&&other| other < head).count();
            self.0.insert(place, head);
        }
    }

    /// Removes a head, and returns whether it was in the set.
    pub fn remove(&mut self, head: &HeadId) -> bool {
        let before = self.0.len();
        self.0.retain(|other| other != head);
        self.0.len() < before
    }

    pub fn retain(&mut self, keep: impl Fn(&HeadId) -> bool) {
        self.0.retain(keep);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn iter(&self) -> std::slice::Iter<'_, HeadId> {
        self.0.iter()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<HeadId> for HeadSet {
    fn from_iter<T: IntoIterator<Item = HeadId>>(heads: T) -> Self {
        let mut set = Self::default();
        heads.into_iter().for_each(|head| set.insert(head));
        set
    }
}

impl<const N: usize> From<[HeadId; N]> for HeadSet {
    fn from(heads: [HeadId; N]) -> Self {
        heads.into_iter().collect()
    }
}

/// A serialized list need not be sorted.
impl<'de> Deserialize<'de> for HeadSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<HeadId>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_head_once_in_order() {
        let [a, b, c] = [HeadId::new(0, 5), HeadId::new(1, 0), HeadId::new(1, 2)];
        let mut set: HeadSet = [c, a, b, a].into();
        assert_eq!(set.iter().copied().collect::<Vec<_>>(), [a, b, c]);
        assert!(set.remove(&b) && !set.remove(&b) && !set.contains(&b));
        assert_eq!((set.len(), set.clone()), (2, [a, c].into()));
        set.clear();
        assert!(set.is_empty());
    }
}
