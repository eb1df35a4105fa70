"""For scikit-learn: texts, token ids and series in, an estimator out.

`seqclf.SequenceClassifier` is the public name; scikit-learn is imported with it, not before.
"""
