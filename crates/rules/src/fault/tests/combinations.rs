//! Every fault at every point, with every filter and every way to count.

use super::*;

/// One filter for each subset of its five parts, all of them fitting one occasion at `point`.
fn filters(number: &PhoneNumberId, user: &WaId, point: Point<'_>) -> Vec<Filter> {
    let operation = if let Point::Request(operation) = point {
        operation
    } else {
        Operation::Connect
    };
    let event = if let Point::Webhook(event) = point {
        event
    } else {
        "connect"
    };
    let direction = point.direction().unwrap_or(Direction::UserInitiated);
    (0..32_u32)
        .map(|parts| Filter {
            number: (parts & 1 != 0).then(|| number.clone()),
            wa_id: (parts & 2 != 0).then(|| user.clone()),
            operation: (parts & 4 != 0).then_some(operation),
            event: (parts & 8 != 0).then(|| event.to_owned()),
            direction: (parts & 16 != 0).then_some(direction),
        })
        .collect()
}

#[test]
fn a_fault_fires_where_it_bites_and_its_filter_fits_and_nowhere_else() {
    let (number, user) = (number(), user());
    let (mut fired, mut silent) = (0, 0);
    for fault in faults() {
        for point in points() {
            for filter in filters(&number, &user, point) {
                for (knows_number, knows_user) in
                    [(false, false), (true, false), (false, true), (true, true)]
                {
                    let Ok(armed) = Armed::new(fault.clone(), filter.clone(), Times::Always, 7)
                    else {
                        continue;
                    };
                    let occasion = Occasion {
                        point,
                        number: knows_number.then_some(&number),
                        wa_id: knows_user.then_some(&user),
                    };
                    let fits = fault.bites(point)
                        && (filter.number.is_none() || knows_number)
                        && (filter.wa_id.is_none() || knows_user)
                        && (filter.operation.is_none() || matches!(point, Point::Request(_)))
                        && (filter.event.is_none() || matches!(point, Point::Webhook(_)))
                        && (filter.direction.is_none() || point.direction().is_some());
                    let mut met = armed.clone();
                    assert_eq!(met.take(&occasion, Draw(0)), fits, "{armed:?} {occasion:?}");
                    if fits {
                        fired += 1;
                    } else {
                        silent += 1;
                        assert_eq!(met, armed, "what does not fit leaves no trace");
                    }
                }
            }
        }
    }
    assert!(fired > 300 && silent > 300, "{fired} fired, {silent} not");
}

#[test]
fn another_one_does_not_fit() {
    let (number, user) = (number(), user());
    let (other_number, other_user): (PhoneNumberId, WaId) = (
        "436666719526780".parse().expect("an id"),
        "14085550000".parse().expect("a number"),
    );
    let mut tried = 0;
    for fault in faults() {
        for point in points().into_iter().filter(|point| fault.bites(*point)) {
            let occasion = Occasion {
                point,
                number: Some(&number),
                wa_id: Some(&user),
            };
            let others = [
                Filter {
                    number: Some(other_number.clone()),
                    ..Filter::default()
                },
                Filter {
                    wa_id: Some(other_user.clone()),
                    ..Filter::default()
                },
                Filter {
                    event: Some("status.RINGING".to_owned()),
                    ..Filter::default()
                },
                Filter {
                    operation: Operation::ALL
                        .into_iter()
                        .find(|it| Point::Request(*it) != point),
                    ..Filter::default()
                },
                Filter {
                    direction: point.direction().map(|direction| match direction {
                        Direction::UserInitiated => Direction::BusinessInitiated,
                        Direction::BusinessInitiated => Direction::UserInitiated,
                    }),
                    ..Filter::default()
                },
            ];
            for filter in others
                .into_iter()
                .filter(|filter| *filter != Filter::default())
            {
                if let Ok(mut armed) = Armed::new(fault.clone(), filter, Times::Always, 7) {
                    assert!(!armed.take(&occasion, Draw(0)), "{armed:?} {occasion:?}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn the_same_draws_fire_the_same_and_never_more_than_they_may() {
    let point = Point::Webhook("connect");
    for times in [
        Times::Always,
        Times::Next(1),
        Times::Next(5),
        Times::Permille(1),
        Times::Permille(250),
        Times::Permille(999),
    ] {
        let draws: Vec<u32> = (0..DRAWS).collect();
        let (mut one, mut other) = (
            armed(Fault::DropWebhook, times),
            armed(Fault::DropWebhook, times),
        );
        assert_eq!(
            row(&mut one, point, &draws),
            row(&mut other, point, &draws),
            "{times:?}"
        );
        let wanted = match times {
            Times::Always => u64::from(DRAWS),
            Times::Next(count) | Times::Permille(count) => u64::from(count),
        };
        assert_eq!(one.fired, wanted, "{times:?}");
    }
}
