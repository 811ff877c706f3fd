//! Which rows are on which page.

use super::PageQuery;

fn cut(rows: usize, after: Option<u64>, before: Option<u64>, len: usize) -> (usize, usize) {
    let query = PageQuery {
        rows,
        after,
        before,
    };
    let page = query.cut(len);
    (page.start, page.end)
}

#[test]
fn pages_follow_each_other_both_ways() {
    for (rows, after, before, len, wanted) in [
        (2, None, None, 5, (0, 2)),
        (2, Some(2), None, 5, (2, 4)),
        (2, Some(4), None, 5, (4, 5)),
        (2, Some(9), None, 5, (5, 5)),
        (2, None, Some(5), 5, (2, 4)),
        (2, None, Some(2), 5, (0, 1)),
        (2, None, Some(0), 5, (0, 0)),
        (2, Some(1), Some(3), 5, (1, 2)),
        (2, Some(4), Some(2), 5, (4, 4)),
        (2, Some(u64::MAX), Some(u64::MAX), 5, (5, 5)),
        (2, None, None, 0, (0, 0)),
    ] {
        assert_eq!(
            cut(rows, after, before, len),
            wanted,
            "{after:?} {before:?}"
        );
    }
}
