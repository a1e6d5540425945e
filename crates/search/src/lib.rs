//! The search index: Chinese and Pinyin analysis, query language, sealed directory.
