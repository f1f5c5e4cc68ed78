//! What the library and programs with the bench inside show to others.
#![cfg(test)]

use std::{fs, path::Path};

use object::{Object, ObjectSymbol};

mod support;

#[test]
fn the_library_exports_its_one_door_alone() {
    assert_eq!(exports(&support::library()), ["C_GetFunctionList"]);
}

/// With exported symbols a driver's own calls would resolve to ours.
#[test]
fn an_executable_with_the_bench_inside_exports_no_c_symbol() {
    let program = std::env::current_exe().unwrap();
    let mut exports = exports(&program);
    exports.retain(|name| name.starts_with("C_"));
    assert_eq!(exports, Vec::<String>::new());
}

/// The test above says something only if this program has the bench inside.
#[test]
fn this_executable_has_the_bench_inside() {
    let program = fs::read(std::env::current_exe().unwrap()).unwrap();
    let program = object::File::parse(&*program).unwrap();
    let inside = program
        .symbols()
        .filter_map(|symbol| symbol.name().ok())
        .any(|name| name.contains("chungthu_soft_token"));
    assert!(inside);
}

fn exports(file: &Path) -> Vec<String> {
    let bytes = fs::read(file).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let name = |export: object::Result<object::Export<'_>>| {
        let export = export.unwrap();
        let name = export.name().into_name()?;
        let name = String::from_utf8_lossy(name).into_owned();
        // macOS puts an underscore before the names of C.
        Some(name.strip_prefix('_').unwrap_or(&name).to_owned())
    };
    file.exports().unwrap().filter_map(name).collect()
}
