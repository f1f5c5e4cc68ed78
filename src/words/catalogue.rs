//! How a list of messages is written down once and becomes an enum that the compiler checks: a
//! message that is never said is dead code, and a test compares the list with both catalogues.

/// Makes an enum of messages: `Variant { value: Type } = "id-in-the-catalogues"`.
macro_rules! messages {
    (
        $(#[$attribute:meta])*
        $name:ident {
            $($variant:ident $({ $($argument:ident: $kind:ty),+ })? = $id:literal),+ $(,)?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) enum $name {
            $($variant $({ $($argument: $kind),+ })?),+
        }

        impl $crate::words::Message for $name {
            fn id(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $id),+
                }
            }

            fn arguments(&self) -> fluent_bundle::FluentArgs<'_> {
                let pairs: Vec<(&'static str, fluent_bundle::FluentValue<'_>)> = match self {
                    $(Self::$variant $({ $($argument),+ })? => vec![
                        $($((
                            stringify!($argument),
                            $crate::words::Argument::value($argument),
                        )),+)?
                    ]),+
                };
                pairs.into_iter().collect()
            }
        }

        #[cfg(test)]
        impl $name {
            /// Every id with the names of its values.
            pub(crate) const TABLE: &'static [(&'static str, &'static [&'static str])] = &[
                $(($id, &[$($(stringify!($argument)),+)?])),+
            ];
        }
    };
}

pub(super) use messages;
