//! The cheapest way to give each of some units the same number of others to check, each being checked as often. Pure.
//!
//! The Hungarian method by shortest augmenting paths, with room for several partners on each side. Libraries solve it for one partner
//! each (`pathfinding`'s `kuhn_munkres`); with several, the same pair would come out twice.

use std::iter;

/// Who is given whom, as rows and columns of a square table, with the prices that prove it the cheapest.
#[derive(Clone)]
pub struct Assignment {
    size: usize,
    each: usize,
    /// What a cell costs; `None` for one that may not be used.
    costs: Vec<Option<i64>>,
    used: Vec<bool>,
    /// Prices of the rows, then of the columns: what a cell costs beyond them is at least 0, and at most 0 where it is used.
    prices: Vec<i64>,
}

/// There is no such assignment: these rows want more than these columns can give them.
#[derive(Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The rows that do not find enough.
    pub rows: Vec<usize>,
    /// The columns that they can still be given, all of them full.
    pub columns: Vec<usize>,
}

impl Assignment {
    /// The cheapest assignment of `each` columns to every row and as many rows to every column. Costs are not below 0.
    pub fn cheapest(size: usize, each: usize, costs: Vec<Option<i64>>) -> Result<Self, Shortage> {
        let mut assignment = Self {
            size,
            each,
            used: vec![false; costs.len()],
            costs,
            prices: vec![0; 2 * size],
        };
        for row in 0..size {
            for _ in 0..each {
                assignment.add_one(row)?;
            }
        }
        Ok(assignment)
    }

    /// The cheapest assignment that does without a cell which this one uses.
    pub fn without(&self, row: usize, column: usize) -> Result<Self, Shortage> {
        let mut other = self.clone();
        let cell = self.cell(row, column);
        other.costs[cell] = None;
        if other.used[cell] {
            other.used[cell] = false;
            other.add_one(row)?;
        }
        Ok(other)
    }

    /// Whether a cell may be used.
    pub fn allows(&self, row: usize, column: usize) -> bool {
        self.costs[self.cell(row, column)].is_some()
    }

    /// Whether a cell is used.
    pub fn uses(&self, row: usize, column: usize) -> bool {
        self.used[self.cell(row, column)]
    }

    /// The cells that are used, row by row.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let used = self.used.iter().enumerate().filter(|(_, used)| **used);
        used.map(|(cell, _)| (cell / self.size, cell % self.size))
    }

    const fn cell(&self, row: usize, column: usize) -> usize {
        row * self.size + column
    }

    fn has_room(&self, column: usize) -> bool {
        let taken = (0..self.size).filter(|&row| self.uses(row, column)).count();
        taken < self.each
    }

    /// Gives a row one column more, by the cheapest path of exchanges to a column that has room (Dijkstra over costs beyond the prices).
    fn add_one(&mut self, start: usize) -> Result<(), Shortage> {
        let count = 2 * self.size;
        let mut distance: Vec<Option<i64>> = vec![None; count];
        let mut before: Vec<Option<usize>> = vec![None; count];
        let mut settled = vec![false; count];
        distance[start] = Some(0);
        loop {
            let open = (0..count).filter(|&node| !settled[node]);
            let nearest = open.filter_map(|node| Some((distance[node]?, node))).min();
            let Some((reached, node)) = nearest else {
                let within = |nodes: std::ops::Range<usize>| nodes.filter(|&node| settled[node]);
                return Err(Shortage {
                    rows: within(0..self.size).collect(),
                    columns: within(self.size..count).map(|node| node - self.size).collect(),
                });
            };
            if node >= self.size && self.has_room(node - self.size) {
                self.exchange(&before, node);
                for (price, distance) in self.prices.iter_mut().zip(&distance) {
                    *price += distance.unwrap_or(reached).min(reached) - reached;
                }
                return Ok(());
            }
            settled[node] = true;
            for (next, step) in self.steps(node) {
                let way = reached + step + self.prices[node] - self.prices[next];
                if !settled[next] && distance[next].is_none_or(|known| way < known) {
                    distance[next] = Some(way);
                    before[next] = Some(node);
                }
            }
        }
    }

    /// From a row to the columns it could be given, from a column to the rows it could be taken from, with what that costs.
    fn steps(&self, node: usize) -> Vec<(usize, i64)> {
        let cost = |cell: usize, taken: bool| self.costs[cell].filter(|_| self.used[cell] == taken);
        let others = 0..self.size;
        if node < self.size {
            let given = others.filter_map(|column| Some((self.size + column, cost(self.cell(node, column), false)?)));
            given.collect()
        } else {
            let column = node - self.size;
            let taken = others.filter_map(|row| Some((row, -cost(self.cell(row, column), true)?)));
            taken.collect()
        }
    }

    fn exchange(&mut self, before: &[Option<usize>], end: usize) {
        let path: Vec<usize> = iter::successors(Some(end), |&node| before[node]).collect();
        for step in path.windows(2) {
            let (Some(&row), Some(&column)) = (step.iter().min(), step.iter().max()) else {
                continue;
            };
            let cell = self.cell(row, column - self.size);
            self.used[cell] = !self.used[cell];
        }
    }
}
